import type { IrisName } from '../pipeline/irisName';

/** Every colour that a person can name, darkest first. */
export const IRIS_COLOURS: Readonly<Record<IrisName, string>> = {
  'dark brown': 'Dark brown',
  brown: 'Brown',
  hazel: 'Hazel',
  green: 'Green',
  grey: 'Grey',
  blue: 'Blue',
};
