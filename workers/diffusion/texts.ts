/** Every distinct prompt through the text encoders, once. */
import type { Texts } from './conditions';
import type { Encoded } from './graphs';
import type { ClipTokenizer } from './tokenizer';

export interface TextEncoders {
  readonly tokenizers: { readonly first: ClipTokenizer; readonly second: ClipTokenizer };
  readonly first: (ids: Int32Array<ArrayBuffer>) => Promise<Encoded>;
  readonly second: (ids: Int32Array<ArrayBuffer>) => Promise<Encoded>;
  /** Between the two: the first is not asked again. */
  readonly turn: () => Promise<void>;
}

export interface EncodedPrompts {
  /** For the base, by prompt. */
  readonly base: ReadonlyMap<string, Texts>;
  /** For a refiner, which has the second encoder only. */
  readonly refiner: ReadonlyMap<string, Texts>;
}

/** @throws as the encoders; AbortError from `pause`, which is called before each prompt */
export async function encodePrompts(
  base: Iterable<string>,
  refiner: Iterable<string>,
  { tokenizers, first, second, turn }: TextEncoders,
  pause: () => Promise<void>,
): Promise<EncodedPrompts> {
  const basePrompts = new Set(base);
  const refinerPrompts = new Set(refiner);
  const firsts = new Map<string, Encoded>();
  for (const prompt of basePrompts) {
    await pause();
    firsts.set(prompt, await first(tokenizers.first(prompt).ids));
  }
  await turn();
  const seconds = new Map<string, Encoded>();
  for (const prompt of new Set([...basePrompts, ...refinerPrompts])) {
    await pause();
    seconds.set(prompt, await second(tokenizers.second(prompt).ids));
  }
  const textsOf = (prompt: string): Texts => {
    const { hidden, pooled } = seconds.get(prompt)!;
    if (!pooled) throw new RangeError('the second text encoder gives nothing pooled');
    return { first: firsts.get(prompt)?.hidden ?? null, second: hidden, pooled };
  };
  return {
    base: new Map([...basePrompts].map((prompt) => [prompt, textsOf(prompt)])),
    refiner: new Map([...refinerPrompts].map((prompt) => [prompt, { ...textsOf(prompt), first: null }])),
  };
}
