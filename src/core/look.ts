/** What a detector is asked: which one, on what, of which picture. */
import type { Config } from './config';
import type { Size } from './geometry';
import type { Raster } from './raster';

type Settings = Config['detection'];
const PACK_DETECTORS = ['buffalo_l', 'retinaface'] as const;
/** Detectors whose networks are a model pack of the same name. */
export type PackDetector = (typeof PACK_DETECTORS)[number];
export type Detector = 'embedded' | PackDetector;
export type Device = Settings['device'];
export type RetinafaceVariant = Settings['retinafaceVariant'];
/** What of the settings decides which networks are loaded. */
export type DetectorChoice = Pick<Settings, 'detector' | 'device'>;

/** How one of the detectors is to look at a picture. */
export type Manner = (
  | { readonly detector: 'embedded' }
  | {
      readonly detector: 'buffalo_l';
      readonly device: Device;
      /** The network's input, multiples of 32: the picture lies at its top left, the rest is black. */
      readonly canvas: Size;
    }
  | { readonly detector: 'retinaface'; readonly device: Device; readonly variant: RetinafaceVariant }
) & {
  /** Pixels of the picture in one of the photo, as the detector's reference reads it: some rules count those. */
  readonly scale: number;
};

export type Look = Manner & { readonly picture: Raster<'view'> };

export function isPackDetector(name: string): name is PackDetector {
  return (PACK_DETECTORS as readonly string[]).includes(name);
}
