import { CONFIG_FIELDS } from '../core/config';

const SETTINGS: ReadonlySet<string> = new Set(Object.values(CONFIG_FIELDS).flatMap(Object.keys));

/**
 * What a refused setting is called; null: it is none.
 * @param field as a settings file has it (`refiner.guidance_scale`), or as the painter does (`refiner.guidanceScale`,
 * `strength`)
 */
export function settingName(field: string): string | null {
  // The plan's, which takes it from the settings.
  if (field === 'side') return 'Size';
  const name = field.slice(field.indexOf('.') + 1);
  return SETTINGS.has(name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())) ? field : null;
}
