/** Where new eyes come from, and how they are painted: the settings from a person's side. */
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { makeFacts } from '../fakes/gpu';
import { painterHere, refinerHere } from './painterApp';
import { dropFiles, pageTest, type Scene, type Shown, winking } from './uiApp';

const dialog = () => page.getByRole('dialog', { name: 'Settings' });
const choice = (name: RegExp) => dialog().getByRole('combobox', { name });
const number = (name: RegExp) => dialog().getByRole('spinbutton', { name });
const refine = () => dialog().getByRole('switch', { name: /^Refine/ });
const documented = () => dialog().getByRole('option', { name: 'As documented' });
const button = (name: string | RegExp) => page.getByRole('button', { name });

const showPage = pageTest();

function show(engines: Scene['engines'] = {}): Shown {
  return showPage({ faces: { 'wink.jpg': [winking] }, engines });
}

async function openSettings(): Promise<void> {
  await button('Settings').click();
  await openAdvanced();
}

async function openAdvanced(): Promise<void> {
  await dialog().getByText('Advanced painting').click();
  await expect.element(number(/^Seed/)).toBeVisible();
}

async function readSettings(json: string): Promise<void> {
  await userEvent.upload(page.getByLabelText('Read settings…'), new File([json], 'mine.json'));
}

test('a painter that is asked for by name paints every face, as the settings say', async () => {
  const { engines } = show(refinerHere);
  await openSettings();
  await choice(/New eyes come from/).selectOptions('The painter');
  await choice(/Way of painting/).selectOptions('As documented');
  await number(/Choices for each face/).fill('2');
  await choice(/Size/).selectOptions('768 px');
  await expect.element(dialog().getByText(/^Paints at 768 pixels/)).toBeVisible();
  await dialog().getByRole('button', { name: 'Done' }).click();
  dropFiles('wink.jpg');
  await button('Open the eyes').click();
  await expect.poll(() => engines.placed.get(0)).toBe(95);
  const { faces, plan } = engines.painted[0]!;
  expect(plan.sidePx).toBe(768);
  expect(faces[0]!.variations.map(({ seed }) => seed)).toEqual([42, 43]);
  expect(faces[0]!.settings).toMatchObject({
    steps: 30,
    guidanceScale: 15,
    refiner: { by: 'picture', strength: 0.4, steps: 5, guidanceScale: 20 },
  });
});

test('a preset is known by its values; one changed value makes it an own way', async () => {
  show(refinerHere);
  await openSettings();
  await expect.element(choice(/Way of painting/)).toHaveValue('recommended');
  await expect.element(documented()).toBeEnabled();
  await choice(/Way of painting/).selectOptions('As documented');
  await expect.element(number(/^Steps/)).toHaveValue(30);
  await expect.element(refine()).toBeChecked();
  await number(/^Guidance/).fill('14.5');
  await expect.element(choice(/Way of painting/)).toHaveValue('own');
  await number(/^Guidance/).fill('15');
  await expect.element(choice(/Way of painting/)).toHaveValue('documented');
  await choice(/Way of painting/).selectOptions('Recommended');
  await expect.element(number(/^Guidance/)).toHaveValue(7);
  await expect.element(refine()).not.toBeChecked();
});

test('settings stay when the dialog is closed, and come in from a file', async () => {
  show(painterHere);
  await openSettings();
  await number(/^Steps/).fill('19');
  await dialog().getByRole('button', { name: 'Done' }).click();
  await openSettings();
  await expect.element(number(/^Steps/)).toHaveValue(19);
  await readSettings('{"generation":{"painted_size":640,"strength":0.75}}');
  await expect.element(number(/^Strength/)).toHaveValue(0.75);
  await expect.element(choice(/Size/)).toHaveValue('640');
  await expect.element(number(/^Steps/)).toHaveValue(28);
  await readSettings('{"generation":{"painted_size":600}}');
  await expect
    .element(dialog().getByText(/^The setting generation\.painted_size is 600; .* Nothing was changed\.$/))
    .toBeVisible();
  await expect.element(choice(/Size/)).toHaveValue('640');
});

test('a number out of its range is not taken, and the range is said', async () => {
  show(painterHere);
  await openSettings();
  await number(/^Seed/).fill('4294967296');
  await expect.element(dialog().getByText('Not taken. A whole number from 0 to 4294967295.')).toBeVisible();
  await expect.element(choice(/Way of painting/)).toHaveValue('recommended');
  await number(/^Seed/).fill('43');
  await expect.element(dialog().getByText(/Not taken/)).not.toBeInTheDocument();
  await expect.element(choice(/Way of painting/)).toHaveValue('own');
});

test('what cannot be had says why: no pack, no graphics card, too little memory, no refiner', async () => {
  const reason = () => choice(/New eyes come from/);
  const look = async (engines: Scene['engines']) => {
    show(engines);
    await button('Settings').click();
  };
  await look({});
  await expect.element(reason()).toHaveAccessibleName(/The painter is not on this computer\. Get or import/);
  await reason().selectOptions('Open eyes in the photos');
  await expect.element(reason()).not.toHaveAccessibleName(/painter/);
  await look({ ...painterHere, gpu: {} });
  await expect.element(reason()).toHaveAccessibleName(/this browser gives web pages none/);
  await look({ ...painterHere, gpu: { facts: makeFacts({ ramHintGib: 1 }) } });
  await expect.element(reason()).toHaveAccessibleName(/cannot work on this computer\. It takes about 1\.64/);
  await look(painterHere);
  await openAdvanced();
  await expect.element(refine()).toBeDisabled();
  await expect.element(refine()).toHaveAccessibleName(/The refiner is not on this computer/);
  await expect.element(documented()).toBeDisabled();
  await expect
    .element(choice(/Way of painting/))
    .toHaveAccessibleName(/with its refiner\. The refiner is not on this computer\. Get or import/);
  // From a settings file it comes all the same, and can be switched off.
  await readSettings('{"refiner":{"enabled":true}}');
  await expect
    .element(
      dialog()
        .getByRole('status')
        .filter({ hasText: /^The refiner is not/ }),
    )
    .toBeVisible();
  await refine().click();
  await expect.element(dialog().getByText(/^Paints at/)).toBeVisible();
});

test('who asks for a painter that is not here gets the reason on the card', async () => {
  const { engines } = show({ gpu: painterHere.gpu! });
  await button('Settings').click();
  await choice(/New eyes come from/).selectOptions('The painter');
  await dialog().getByRole('button', { name: 'Done' }).click();
  dropFiles('wink.jpg');
  await button('Open the eyes').click();
  await expect
    .element(page.getByText('The painter is not on this computer. Get or import it under Models.'))
    .toBeVisible();
  expect(engines.placed.size).toBe(0);
});
