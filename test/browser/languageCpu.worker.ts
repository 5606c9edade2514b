/** The real language engine in a worker, with the GGUF file of the test in place of its pack. */

import { serve } from '../../src/rpc/serve';
import { createLanguage } from '../../workers/language/engine';
import { makePack } from '../fakes/packList';
import { tinyGguf } from '../fakes/tinyGguf';

const broken = new URLSearchParams(location.search).has('broken');
const model = broken ? new Blob(['<!doctype html>'.padEnd(999)]) : tinyGguf();

serve(
  createLanguage({
    gpu: async () => null,
    pack: async (id) => ({ pack: { ...makePack(id), title: 'Tiny' }, files: { 'tiny.gguf': model } }),
    tokenizer: () => Promise.reject(new Error('no tokens here')),
  }),
);
