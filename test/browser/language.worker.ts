/**
 * The real language engine and the unmodified WebLLM in a worker. In place of a compiled model there is the stand-in
 * whose address the worker is given: it says the reply that the test wrote, as far as the grammar lets it.
 */
import { serve } from '../../src/rpc/serve';
import { factsOf } from '../../workers/gpu/facts';
import { createLanguage } from '../../workers/language/engine';

interface Tensor {
  readonly n: number;
  readonly dims: readonly number[];
}
interface Hands {
  tensor(dims: readonly number[], type: string): Tensor;
  view(tensor: Tensor): Float32Array;
  arr(items: readonly Tensor[]): unknown;
}
interface StandIn {
  install(model: { vm(hands: Hands): object }): unknown;
}

/** What the model was asked and how. */
export interface Heard {
  readonly prompt: string;
  readonly temperatures: readonly number[];
  /** Random numbers that characters were chosen by. */
  readonly draws: readonly number[];
  /** Characters for which the grammar was asked. */
  readonly masked: number;
  readonly devices: { readonly made: number; readonly destroyed: number };
}
export interface TestLanguage {
  say(reply: string, charactersPerSecond: number): Promise<void>;
  heard(): Promise<Heard>;
}

const asked = new URLSearchParams(location.search);
const VOCABULARY = 99;
const FIRST = 4;
const END = 2;
const NEW_LINE = 3;
const idOf = (character: string) => (character === '\n' ? NEW_LINE : character.charCodeAt(0) - 32 + FIRST);
const characterOf = (id: number) =>
  id === NEW_LINE ? '\n' : id >= FIRST ? String.fromCharCode(id - FIRST + 32) : '';

let reply = '';
let pauseMs = 0;
let position = 0;
let prompt = '';
let temperatures: number[] = [];
let draws: number[] = [];
let masked = 0;
const devices = { made: 0, destroyed: 0 };

const requestDevice = GPUAdapter.prototype.requestDevice;
GPUAdapter.prototype.requestDevice = async function (...args) {
  const device = await requestDevice.apply(this, args);
  devices.made += 1;
  void device.lost.then(() => {
    devices.destroyed += 1;
  });
  return device;
};

const model: Parameters<StandIn['install']>[0] = {
  vm({ tensor, view, arr }) {
    const logits = () => {
      if (pauseMs) {
        const until = performance.now() + pauseMs;
        while (performance.now() < until);
      }
      const values = tensor([1, 1, VOCABULARY], 'float32');
      view(values).fill(-5);
      view(values)[position < reply.length ? idOf(reply[position]!) : END] = 10;
      view(values)[END] = Math.max(view(values)[END]!, 5);
      position += 1;
      return values;
    };
    return {
      _metadata: () =>
        JSON.stringify({
          model_type: 'llama',
          quantization: 'q0f32',
          context_window_size: 4096,
          prefill_chunk_size: 256,
          sliding_window_size: -1,
          attention_sink_size: -1,
          tensor_parallel_shards: 1,
          params: Array.from({ length: 9 }, (_, i) => ({ name: `p${i}`, shape: [64, 64], dtype: 'float32' })),
          kv_cache_bytes: 0,
          memory_usage: {},
        }),
      create_tir_paged_kv_cache: () => tensor([1], 'float32'),
      embed(ids: Tensor) {
        const out = tensor([ids.n, 1], 'float32');
        prompt += [...view(ids)].map(characterOf).join('');
        return out;
      },
      prefill(_embeddings: Tensor, cache: Tensor) {
        position = 0;
        return arr([logits(), cache]);
      },
      decode: (_embeddings: Tensor, cache: Tensor) => arr([logits(), cache]),
      softmax_with_temperature(values: Tensor, temperature: Tensor) {
        const out = tensor(values.dims, 'float32');
        const scores = view(values);
        const most = Math.max(...scores);
        const shares = scores.map((score) => Math.exp(score - most));
        const all = shares.reduce((sum, share) => sum + share, 0);
        view(out).set(shares.map((share) => share / all));
        temperatures.push(view(temperature)[0]!);
        return out;
      },
      argsort_probs(probabilities: Tensor) {
        const values = [...view(probabilities)];
        const order = values.map((_, i) => i).sort((a, b) => values[b]! - values[a]!);
        const [sorted, indices] = [tensor([1, VOCABULARY], 'float32'), tensor([1, VOCABULARY], 'int32')];
        view(sorted).set(order.map((i) => values[i]!));
        view(indices).set(order);
        return arr([sorted, indices]);
      },
      sample_with_top_p(_sorted: Tensor, indices: Tensor, uniforms: Tensor) {
        draws.push(view(uniforms)[0]!);
        const out = tensor([1], 'int32');
        view(out)[0] = view(indices)[0]!;
        return out;
      },
      apply_bitmask_inplace(values: Tensor, _sequences: Tensor, mask: Tensor) {
        const bits = view(mask);
        const scores = view(values);
        for (let i = 0; i < VOCABULARY; i += 1) if (!((bits[i >> 5]! >>> (i & 31)) & 1)) scores[i] = -1e30;
        masked += 1;
        return null;
      },
      apply_penalty_inplace: () => null,
      apply_logit_bias_inplace: () => null,
    };
  },
};
/** Not awaited here: a call that comes while a module waits would be lost. */
const installed = import(/* @vite-ignore */ asked.get('standin')!).then((standIn: StandIn) =>
  standIn.install(model),
);

const engine = createLanguage({
  async gpu() {
    const adapter = await navigator.gpu?.requestAdapter();
    return adapter ? factsOf(adapter, null) : null;
  },
  pack: async () => null,
  tokenizer: () => Promise.reject(new Error('no tokens here')),
  patience: { stallMs: 1500, firstDelayMs: 20, longestDelayMs: 60, tries: 3 },
});
const test: TestLanguage = {
  async say(text, charactersPerSecond) {
    await installed;
    reply = text;
    pauseMs = 1000 / charactersPerSecond;
  },
  async heard() {
    const heard = { prompt, temperatures, draws, masked, devices: { ...devices } };
    prompt = '';
    temperatures = [];
    draws = [];
    masked = 0;
    return heard;
  },
};
serve({ ...engine, ...test });
