/** A language model of llama's architecture with a few thousand random weights, as a GGUF file (version 3). */
import { uniform } from '../../src/core/random';

const EMBEDDING = 32;
const LAYERS = 1;
const HEADS = 2;
const FEED_FORWARD = 48;
const CONTEXT = 4096;
const ALIGNMENT = 32;
/** Value types of GGUF. */
const [U32, F32, STRING, ARRAY, I32] = [4, 6, 8, 9, 5] as const;
/** Token types. */
const [NORMAL, CONTROL] = [1, 3] as const;
const TEMPLATE =
  "{% for m in messages %}{{ m['role'] + ': ' + m['content'] + '\\n' }}{% endfor %}{% if add_generation_prompt %}assistant: {% endif %}";

type Bytes = Uint8Array<ArrayBuffer>;

export function tinyGguf(seed = 42): Blob {
  // The letters of byte-level BPE for printable ASCII, space and line break: what is drawn is text.
  const tokens: (readonly [string, number])[] = [
    ['<s>', CONTROL],
    ['</s>', CONTROL],
    ['Ġ', NORMAL],
    ['Ċ', NORMAL],
    ...Array.from({ length: 94 }, (_, i) => [String.fromCharCode(33 + i), NORMAL] as const),
  ];
  const tensors = tensorsOf(tokens.length, uniform(seed));
  const values = [
    value('general.architecture', STRING, text('llama')),
    value('general.name', STRING, text('tiny')),
    value('llama.block_count', U32, u32(LAYERS)),
    value('llama.context_length', U32, u32(CONTEXT)),
    value('llama.embedding_length', U32, u32(EMBEDDING)),
    value('llama.feed_forward_length', U32, u32(FEED_FORWARD)),
    value('llama.attention.head_count', U32, u32(HEADS)),
    value('llama.attention.head_count_kv', U32, u32(HEADS)),
    value('llama.attention.layer_norm_rms_epsilon', F32, f32(1e-5)),
    value('llama.rope.dimension_count', U32, u32(EMBEDDING / HEADS)),
    value('llama.vocab_size', U32, u32(tokens.length)),
    value('tokenizer.ggml.model', STRING, text('gpt2')),
    value('tokenizer.ggml.pre', STRING, text('default')),
    value(
      'tokenizer.ggml.tokens',
      ARRAY,
      array(
        STRING,
        tokens.map(([token]) => text(token)),
      ),
    ),
    value('tokenizer.ggml.merges', ARRAY, array(STRING, [])),
    value(
      'tokenizer.ggml.token_type',
      ARRAY,
      array(
        I32,
        tokens.map(([, type]) => u32(type)),
      ),
    ),
    value('tokenizer.ggml.bos_token_id', U32, u32(0)),
    value('tokenizer.ggml.eos_token_id', U32, u32(1)),
    value('tokenizer.chat_template', STRING, text(TEMPLATE)),
  ];
  let offset = 0;
  const infos = tensors.map(({ name, dims, data }) => {
    const info = [text(name), u32(dims.length), ...dims.map(u64), u32(0), u64(offset)];
    offset += padded(data.byteLength);
    return joined(info);
  });
  const head = joined([text8('GGUF'), u32(3), u64(tensors.length), u64(values.length), ...values, ...infos]);
  const bodies = tensors.flatMap(({ data }) => [
    data,
    new Uint8Array(padded(data.byteLength) - data.byteLength),
  ]);
  return new Blob([head, new Uint8Array(padded(head.length) - head.length), ...bodies]);
}

function tensorsOf(vocabulary: number, next: () => number) {
  const random = (name: string, ...dims: readonly number[]) => {
    const count = dims.reduce((product, dim) => product * dim, 1);
    return { name, dims, data: Float32Array.from({ length: count }, () => 0.6 * (next() - 0.5)) };
  };
  const ones = (name: string) => ({ name, dims: [EMBEDDING], data: new Float32Array(EMBEDDING).fill(1) });
  const layers = Array.from({ length: LAYERS }, (_, layer) => {
    const at = (part: string) => `blk.${layer}.${part}.weight`;
    return [
      ones(at('attn_norm')),
      ...['attn_q', 'attn_k', 'attn_v', 'attn_output'].map((part) => random(at(part), EMBEDDING, EMBEDDING)),
      ones(at('ffn_norm')),
      random(at('ffn_gate'), EMBEDDING, FEED_FORWARD),
      random(at('ffn_up'), EMBEDDING, FEED_FORWARD),
      random(at('ffn_down'), FEED_FORWARD, EMBEDDING),
    ];
  });
  return [
    random('token_embd.weight', EMBEDDING, vocabulary),
    ...layers.flat(),
    ones('output_norm.weight'),
    random('output.weight', EMBEDDING, vocabulary),
  ];
}

function value(key: string, type: number, body: Bytes): Bytes {
  return joined([text(key), u32(type), body]);
}

function array(type: number, items: readonly Bytes[]): Bytes {
  return joined([u32(type), u64(items.length), ...items]);
}

function u32(number: number): Bytes {
  return new Uint8Array(Uint32Array.of(number).buffer);
}

function u64(number: number): Bytes {
  return new Uint8Array(BigUint64Array.of(BigInt(number)).buffer);
}

function f32(number: number): Bytes {
  return new Uint8Array(Float32Array.of(number).buffer);
}

function text8(letters: string): Bytes {
  return new TextEncoder().encode(letters);
}

function text(letters: string): Bytes {
  const bytes = text8(letters);
  return joined([u64(bytes.length), bytes]);
}

function joined(parts: readonly Bytes[]): Bytes {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function padded(bytes: number): number {
  return ALIGNMENT * Math.ceil(bytes / ALIGNMENT);
}
