/** The form that makes new eyes, as a person finds it. */
import { type Locator, page } from 'vitest/browser';

export const makeSummary = (): Locator => page.getByText('Make new eyes', { exact: true });
export const makeForm = {
  iris: (name: string | RegExp) => page.getByRole('radio', { name, exact: true }),
  ownIris: () => page.getByLabelText('Its colour'),
  openness: () => page.getByRole('slider', { name: 'How far they open' }),
  make: () => page.getByRole('button', { name: 'Make', exact: true }),
  others: () => page.getByRole('button', { name: 'Other eyes' }),
} as const;
