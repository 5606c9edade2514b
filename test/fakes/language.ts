import { AppError } from '../../src/core/errors';
import type { LanguageNews, LanguageQuestion, LanguageWish, SpeakerState } from '../../src/core/wording';
import type { LanguageEngine } from '../../src/engines/contracts';

export interface FakeLanguageOptions {
  readonly speakers?: readonly SpeakerState[];
  /** What models say; absent: asking one fails. */
  readonly answer?: (question: LanguageQuestion, wish: LanguageWish) => Promise<string> | string;
  readonly news?: LanguageNews;
}

export interface FakeLanguage extends LanguageEngine {
  readonly asked: { readonly question: LanguageQuestion; readonly wish: LanguageWish }[];
}

/** Counts a word as a token. */
export function fakeLanguage({ speakers = [], answer, news }: FakeLanguageOptions = {}): FakeLanguage {
  const asked: FakeLanguage['asked'] = [];
  return {
    asked,
    speakers: async () => speakers,
    async answer(question, wish, signal, report) {
      asked.push({ question, wish });
      if (news) report?.(news);
      if (!answer) throw new AppError('gpu-missing', 'the fake has no model', { engine: 'language' });
      const text = await answer(question, wish);
      signal.throwIfAborted();
      return { text, model: 'Fake-1B' };
    },
    tokens: async (texts) => texts.map((text) => text.split(' ').length),
  };
}
