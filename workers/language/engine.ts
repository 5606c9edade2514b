/** The speakers of the worker, one contract. */
import { AppError, unlessAborted } from '../../src/core/errors';
import type { GpuFacts } from '../../src/core/gpu';
import type { OpenPack } from '../../src/core/packDisk';
import { LANGUAGE_PACK, type LanguageWish, type ModelSpeaker } from '../../src/core/wording';
import type { LanguageEngine } from '../../src/engines/contracts';
import type { Patience } from '../../src/models/fetchChunks';
import type { ClipTokenizer } from '../diffusion/tokenizer';
import { askCpu, cpuState } from './cpu';
import { tokensOf } from './painterTokens';
import { askWebLlm, webLlmState } from './webllm';

export interface LanguageSource {
  /** Null: the browser gives no GPU. */
  gpu(): Promise<GpuFacts | null>;
  /** Null: not whole on this computer. @throws AppError model-missing (`details.lost`) */
  pack(id: string): Promise<OpenPack | null>;
  tokenizer(): Promise<ClipTokenizer>;
  readonly patience?: Patience;
}

/** Speakers of a worker: the browser's own model speaks in the window only. */
export function createLanguage({ gpu, pack, tokenizer, patience }: LanguageSource): LanguageEngine {
  let counting: Promise<ClipTokenizer> | null = null;
  return {
    async speakers(wishes, signal) {
      signal.throwIfAborted();
      const states = [
        await webLlmState(wishes.webllm ?? wishFor('webllm'), await gpu()),
        cpuState(await pack(LANGUAGE_PACK).catch(unlessAborted(null))),
      ];
      signal.throwIfAborted();
      return states;
    },
    async answer(question, wish, signal, report) {
      signal.throwIfAborted();
      if (wish.speaker === 'webllm')
        return await askWebLlm(question, wish, await gpu(), signal, report, patience);
      if (wish.speaker === 'cpu') return await askCpu(question, await pack(LANGUAGE_PACK), signal, report);
      throw new AppError('bad-request', `${wish.speaker} does not speak here`, { field: 'wording.speaker' });
    },
    async tokens(texts, signal) {
      signal.throwIfAborted();
      counting ??= tokenizer().catch((error: unknown) => {
        counting = null;
        throw error;
      });
      const tokenize = await counting;
      signal.throwIfAborted();
      return texts.map((text) => tokensOf(tokenize, text));
    },
  };
}

function wishFor(speaker: ModelSpeaker): LanguageWish {
  return { speaker, model: '', library: '' };
}
