/** Language models that word what a painter is told. */
import type { LanguageEngine } from '../src/engines/contracts';
import { openPackIfWhole } from '../src/models/openPack';
import { serve } from '../src/rpc/serve';
import { factsOf } from './gpu/facts';
import { createLanguage } from './language/engine';
import { painterTokenizer } from './language/painterTokens';

const engine: LanguageEngine = createLanguage({
  async gpu() {
    const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
    return adapter ? factsOf(adapter, null) : null;
  },
  pack: openPackIfWhole,
  tokenizer: painterTokenizer,
});
serve(engine);
