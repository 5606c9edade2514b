/** The shelf over the real store and the real catalog: a converted pack comes from a folder, is checked and removed. */
import { afterAll, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { connectPacks } from '../../src/engines/packs';
import { makeFile, makePack } from '../fakes/packList';
import { action, card, openShelf } from './shelfApp';
import { showApp } from './uiApp';

const ID = 'sdxl-vae';
const TITLE = 'SDXL picture encoder';
const packs = connectPacks(3000);
afterAll(async () => {
  await packs.engine.remove(ID, new AbortController().signal);
  packs.stop();
});

test('import, check and remove reach the disk, and the card says what is there', async () => {
  await page.viewport(1200, 800);
  const { remove } = showApp({ packs: packs.engine });
  await openShelf();
  await expect.element(card(TITLE)).toHaveTextContent('Size known once it is converted');

  const files = [makeFile('vae.onnx', 73), makeFile('vae.bin', 61)];
  const json = JSON.stringify(makePack(ID, { origin: 'self-hosted', baseUrl: null, files }));
  const input = card(TITLE).getByLabelText(`Files of ${TITLE}`);
  const graph = new File(['g'.repeat(73)], 'vae.onnx');
  await userEvent.upload(input, [new File([json], 'pack.json'), graph]);
  await expect.element(card(TITLE).getByText('Still missing: vae.bin.')).toBeVisible();
  await expect.element(card(TITLE)).toHaveTextContent('Partly here, 73 B of 134 B');

  await userEvent.upload(input, [new File(['short'], 'vae.bin')]);
  await expect.element(card(TITLE).getByText(/^Left out: vae.bin \(not of the right size/)).toBeVisible();
  await userEvent.upload(input, [new File(['b'.repeat(61)], 'vae.bin')]);
  await expect.element(card(TITLE)).toHaveTextContent('Ready');
  await expect.element(card(TITLE)).toHaveTextContent(/What first came here, .* from your files/);

  await action(TITLE, /^Check/).click();
  await expect.element(card(TITLE).getByText('Every file is whole and right.')).toBeVisible();
  await action(TITLE, /^Remove/).click();
  await card(TITLE).getByRole('button', { name: 'Remove it' }).click();
  await expect.element(card(TITLE)).toHaveTextContent('Not here');
  remove();
});
