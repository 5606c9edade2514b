/** Variations of what is said to a painter, and who wrote them. */
import type { ErrorCode, ErrorDetails } from './errors';

export const WORDING_FIELDS = ['prompt', 'negativePrompt', 'refinerPrompt', 'refinerNegativePrompt'] as const;
export type WordingField = (typeof WORDING_FIELDS)[number];

/** One line each. `{iris}` stands for the colour of the person's eyes. */
export type Wording = Readonly<Record<WordingField, string>>;

export function isNegative(field: WordingField): boolean {
  return field === 'negativePrompt' || field === 'refinerNegativePrompt';
}

/** `browser`: the model that the browser brings along. `rules`: no model at all. */
export type Speaker = 'webllm' | 'cpu' | 'browser' | 'rules';
/** Those that have a model. */
export type ModelSpeaker = Exclude<Speaker, 'rules'>;

/** Pack of the model that speaks on the processor. */
export const LANGUAGE_PACK = 'qwen2.5-1.5b-instruct';

export interface WordingRequest {
  /** A refiner's empty words are the painter's. */
  readonly base: Wording;
  /** 1..16 */
  readonly count: number;
  /** 0..4294967295 */
  readonly seed: number;
}

/** What is wrong with a wording that a model made. */
export type WordingFault =
  /** It speaks of closed eyes where they should be open. */
  | 'closed-eyes'
  /** It would avoid open eyes, or the person's own colour. */
  | 'avoids-wish'
  | 'other-colour'
  /** The colour or the open eyes that were asked for. */
  | 'left-out'
  | 'too-long'
  /** It has little left of what was asked. */
  | 'strayed'
  | 'duplicate'
  | 'field-missing';

export type WordingNotice =
  /** `variation`: its number in the model's answer, from 0. */
  | {
      readonly kind: 'repaired';
      readonly variation: number;
      readonly field: WordingField;
      readonly fault: WordingFault;
    }
  | { readonly kind: 'dropped'; readonly variation: number; readonly fault: WordingFault }
  /** More than were asked for. */
  | { readonly kind: 'surplus'; readonly count: number }
  /** So many were made by the rules instead. */
  | { readonly kind: 'filled'; readonly count: number }
  /** The answer was not what was asked for at all. */
  | { readonly kind: 'unreadable' }
  /** The model could not speak. */
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly details: ErrorDetails }
  /** What was written leaves no room for more words. */
  | { readonly kind: 'no-room'; readonly field: WordingField };

export interface SpokenWording {
  readonly wording: Wording;
  readonly speaker: Speaker;
}

export interface VariedWordings {
  /** All different. As many as were asked for, unless there is no room for more words. */
  readonly wordings: readonly SpokenWording[];
  /** Who was asked; what each says tells who spoke. */
  readonly speaker: Speaker;
  /** Name of its model; empty: none. */
  readonly model: string;
  readonly notices: readonly WordingNotice[];
}

/** One question to a model, answered with JSON. */
export interface LanguageQuestion {
  readonly system: string;
  readonly user: string;
  /** JSON schema of the answer. */
  readonly schema: string;
  readonly mostTokens: number;
  /** 0..2 */
  readonly temperature: number;
  /** 0..4294967295 */
  readonly seed: number;
}

/** Which model a person wants of a speaker; empty texts: the best that fits. */
export interface LanguageWish {
  readonly speaker: ModelSpeaker;
  /** Name of a model of WebLLM's list, or web address of a folder with one. */
  readonly model: string;
  /** Web address of the library for a model that is named by its address. */
  readonly library: string;
}

export interface LanguageAnswer {
  readonly text: string;
  /** Name of the model that spoke. */
  readonly model: string;
}

/** How a speaker stands on this computer. */
export interface SpeakerState {
  readonly speaker: ModelSpeaker;
  readonly state: 'ready' | 'after-download' | 'unavailable';
  /** Name of the model that would speak; empty: none, or not told. */
  readonly model: string;
  /** Still to be fetched, at most; null: not known. */
  readonly bytes: number | null;
  /** A sentence when it is unavailable. */
  readonly reason: string;
}

export type LanguagePhase = 'fetching' | 'checking' | 'loading' | 'writing';

export interface LanguageNews {
  readonly phase: LanguagePhase;
  /** 0..1 of the phase; null: not known. */
  readonly done: number | null;
}
