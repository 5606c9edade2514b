/** What a detector is asked: which one, on what, of which picture. */
import type { Config } from './config';
import type { Raster } from './raster';

type Settings = Config['detection'];
/** Detectors whose networks are a model pack of the same name. */
export type PackDetector = 'buffalo_l' | 'retinaface';
export type Detector = 'embedded' | PackDetector;
export type Device = Settings['device'];
export type RetinafaceVariant = Settings['retinafaceVariant'];
/** What of the settings decides which networks are loaded. */
export type DetectorChoice = Pick<Settings, 'detector' | 'device'>;

export interface Size {
  readonly width: number;
  readonly height: number;
}

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
  /** Pixels of the picture in one of the photo: some rules count whole photo pixels. */
  readonly scale: number;
};

export type Look = Manner & { readonly picture: Raster<'view'> };
