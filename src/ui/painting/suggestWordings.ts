/** Asks for variations of a wording, with progress and a cancel. */

import type { Config } from '../../core/config';
import { asAppError } from '../../core/errors';
import type { SpeakerState, VariedWordings, Wording } from '../../core/wording';
import { varyWordings } from '../../pipeline/language/varyWordings';
import type { Session } from '../session.svelte';
import { newsWords, shareDone } from './wordingWords';

/** @returns undefined: cancelled, or another work is going on, or what was wrong was said. */
export async function suggestWordings(
  session: Session,
  base: Wording,
  count: number,
  seed: number,
  settings: Config['wording'],
): Promise<VariedWordings | undefined> {
  const { work } = session;
  const { speaker, model, library, temperature } = settings;
  const wish = speaker === 'rules' ? null : { speaker, model, library };
  try {
    return await work.run('wording', 'Finding words', async (signal, report) => {
      const { workshop } = await session.tools();
      const { language } = workshop.engines;
      return await varyWordings(
        { base, count, seed },
        { model: wish, temperature },
        language,
        signal,
        (news) => {
          work.subject = newsWords(news);
          const done = shareDone(news);
          if (done !== null) report(done);
        },
      );
    });
  } catch (error) {
    session.failed(asAppError(error, 'internal'), 'Wordings');
    return undefined;
  }
}

/** How every speaker stands on this computer; none where that cannot be told. */
export async function speakersHere(session: Session): Promise<readonly SpeakerState[]> {
  const { model, library } = session.config.wording;
  try {
    const { workshop } = await session.tools();
    const wish = { speaker: 'webllm', model, library } as const;
    return await workshop.engines.language.speakers({ webllm: wish }, new AbortController().signal);
  } catch (error) {
    session.failed(asAppError(error, 'internal'), 'Wordings');
    return [];
  }
}
