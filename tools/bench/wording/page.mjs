/** Runs in the page: the app's own engines, so that models are fetched, kept and asked as a person's are. */
import { DEFAULT_CONFIG } from '../../../src/core/config';
import { LANGUAGE_PACK } from '../../../src/core/wording';
import { connect } from '../../../src/engines/connect';
import { varyWordings } from '../../../src/pipeline/language/varyWordings';
import { clipTokenizer } from '../../../workers/diffusion/tokenizer';
import { tokensOf } from '../../../workers/language/painterTokens';

/** Without CLIP's vocabulary: a word has about so many tokens. */
const TOKENS_A_WORD = 1.4;

window.word = async ({ speaker, model, library, count, seed, clip }) => {
  const engines = connect();
  const { signal } = new AbortController();
  const { generation, refiner, wording } = DEFAULT_CONFIG;
  const base = {
    prompt: generation.prompt,
    negativePrompt: generation.negativePrompt,
    refinerPrompt: refiner.prompt,
    refinerNegativePrompt: refiner.negativePrompt,
  };
  const tokenize = clip && clipTokenizer(clip, 'end');
  const tokensIn = (text) =>
    tokenize ? tokensOf(tokenize, text) : Math.ceil(TOKENS_A_WORD * text.split(' ').length);
  const language = { ...engines.language, tokens: async (texts) => texts.map(tokensIn) };
  if (speaker === 'cpu') await engines.packs.ensure({ pack: LANGUAGE_PACK }, signal, window.tell);
  const phases = {};
  let last = { phase: 'starting', atMs: performance.now() };
  const startMs = last.atMs;
  const next = (phase) => {
    const nowMs = performance.now();
    phases[last.phase] = (phases[last.phase] ?? 0) + (nowMs - last.atMs) / 1000;
    last = { phase, atMs: nowMs };
  };
  const wish = speaker === 'rules' ? null : { speaker, model, library };
  const varied = await varyWordings(
    { base, count, seed },
    { model: wish, temperature: wording.temperature },
    language,
    signal,
    ({ phase, done }) => {
      if (phase !== last.phase) next(phase);
      window.tell(`${phase} ${done === null ? '' : `${Math.floor(100 * done)} %`}`);
    },
  );
  next('end');
  engines.dispose();
  return { ...varied, seconds: (performance.now() - startMs) / 1000, phases };
};
