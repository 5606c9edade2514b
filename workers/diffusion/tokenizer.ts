/** CLIP's tokenizer, from the two files that every checkpoint has: byte-level BPE in lower case. */
import { Tokenizer } from '@huggingface/tokenizers';
import { AppError } from '../../src/core/errors';

/** Tokens of a prompt for a text encoder, start and end among them. */
export const PROMPT_TOKENS = 77;
const START = '<|startoftext|>';
const END = '<|endoftext|>';
/** Of the second encoder. */
const PAD = '!';
/** Words as CLIP cuts them; digits one by one. */
const WORD =
  "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";

export interface ClipFiles {
  /** `vocab.json`: token → id. */
  readonly vocabulary: Readonly<Record<string, number>>;
  /** `merges.txt`: a version line, then pairs, most frequent first. */
  readonly merges: string;
}

export interface PromptTokens {
  /** 77 ids: start, text, end, padding. */
  readonly ids: Int32Array<ArrayBuffer>;
  /** What did not fit any more, as the tokens read; empty: all fitted. */
  readonly cut: string;
}

export type ClipTokenizer = (prompt: string) => PromptTokens;

/**
 * @param pad id after the end: SDXL's first encoder pads with the end itself, the second with 0, which is `!`. Since that
 * is its padding, every `!` of a prompt is one of its own there, also within a word.
 * @throws AppError model-corrupt when the vocabulary lacks start or end, or the files do not belong together
 */
export function clipTokenizer(files: ClipFiles, pad: 'end' | 0): ClipTokenizer {
  const { vocabulary } = files;
  const start = vocabulary[START];
  const end = vocabulary[END];
  if (start === undefined || end === undefined || vocabulary[PAD] !== 0) {
    throw new AppError(
      'model-corrupt',
      'the vocabulary is not CLIP’s: start, end or ! are not where they belong',
      {},
    );
  }
  const tokenizer = built(files, start, end, pad);
  const room = PROMPT_TOKENS - 2;
  return (prompt) => {
    const text = tokenizer.encode(prompt, { add_special_tokens: false }).ids;
    const ids = new Int32Array(PROMPT_TOKENS).fill(pad === 'end' ? end : pad);
    ids.set([start, ...text.slice(0, room), end]);
    return { ids, cut: text.length > room ? tokenizer.decode(text.slice(room)).trim() : '' };
  };
}

function built({ vocabulary, merges }: ClipFiles, start: number, end: number, pad: 'end' | 0): Tokenizer {
  const pairs = merges
    .split('\n')
    .slice(1)
    .filter((line) => line !== '')
    .map((line) => line.split(' '));
  const special = (content: string, id: number) => ({
    id,
    content,
    special: true,
    normalized: false,
    lstrip: false,
    rstrip: false,
    single_word: false,
  });
  try {
    return new Tokenizer(
      {
        added_tokens: [special(START, start), special(END, end), ...(pad === 0 ? [special(PAD, pad)] : [])],
        normalizer: {
          type: 'Sequence',
          normalizers: [
            { type: 'NFC' },
            { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
            { type: 'Lowercase' },
          ],
        },
        pre_tokenizer: {
          type: 'Sequence',
          pretokenizers: [
            { type: 'Split', pattern: { Regex: WORD }, behavior: 'Removed', invert: true },
            { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
          ],
        },
        post_processor: null,
        decoder: { type: 'ByteLevel' },
        model: {
          type: 'BPE',
          unk_token: END,
          end_of_word_suffix: '</w>',
          continuing_subword_prefix: '',
          vocab: vocabulary,
          merges: pairs,
        },
      },
      { clean_up_tokenization_spaces: true },
    );
  } catch (cause) {
    throw new AppError(
      'model-corrupt',
      `the tokenizer's files do not belong together: ${cause}`,
      {},
      { cause },
    );
  }
}
