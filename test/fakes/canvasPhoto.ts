/** A photo engine on canvases, for tests of the page: real pictures, simple arithmetic, everything in the window. */
import { AppError } from '../../src/core/errors';
import type { Blended } from '../../src/core/generation';
import type { CropFrame, PhotoInfo } from '../../src/core/photo';
import { plane, type Raster } from '../../src/core/raster';
import type { PhotoEngine } from '../../src/engines/contracts';
import { makePhoto } from './faces';

interface Opened {
  readonly info: PhotoInfo;
  readonly original: ImageBitmap;
  readonly placed: Map<number, { readonly frame: CropFrame; readonly square: Blended }>;
}

export function canvasPhoto(): PhotoEngine {
  const opened = new Map<string, Opened>();
  const get = (id: string) => {
    const photo = opened.get(id);
    if (!photo) throw new AppError('bad-request', `no photo ${id}`);
    return photo;
  };
  return {
    async open(file, name, signal) {
      signal.throwIfAborted();
      if (file.size === 0) throw new AppError('photo-unreadable', 'empty', { reason: 'empty' });
      const original = await createImageBitmap(file).catch(() => {
        throw new AppError('photo-unreadable', 'no picture', { reason: 'not-a-picture' });
      });
      const info = { ...makePhoto(crypto.randomUUID(), original.width, original.height), name };
      opened.set(info.id, { info, original, placed: new Map() });
      return info;
    },
    async view(id, maxSidePx, withFaces) {
      const { original, placed } = get(id);
      const scale = Math.min(1, maxSidePx / Math.max(original.width, original.height));
      const canvas = drawn(original.width * scale, original.height * scale, (context) => {
        context.scale(scale, scale);
        context.drawImage(original, 0, 0);
        if (withFaces) for (const { frame, square } of placed.values()) lay(context, frame, square);
      });
      const back = 1 / scale;
      return {
        bitmap: canvas.transferToImageBitmap(),
        toPhoto: { a: back, b: 0, c: 0, d: back, tx: 0, ty: 0 },
      };
    },
    async regions(id, requests) {
      const { original } = get(id);
      return requests.map(({ area, widthPx, heightPx }) =>
        rasterOf<'view'>(
          drawn(widthPx, heightPx, (context) =>
            context.drawImage(original, area.x, area.y, area.width, area.height, 0, 0, widthPx, heightPx),
          ),
        ),
      );
    },
    async cut(id, frames) {
      const { original } = get(id);
      return frames.map(({ sidePx, toCrop: m }) =>
        rasterOf<'crop'>(
          drawn(sidePx, sidePx, (context) => {
            context.imageSmoothingQuality = 'high';
            context.setTransform(m.a, m.c, m.b, m.d, m.tx, m.ty);
            context.drawImage(original, 0, 0);
          }),
        ),
      );
    },
    async blend(_id, _frame, candidate): Promise<Blended> {
      return {
        pixels: candidate.pixels,
        alpha: plane(candidate.mask.width, candidate.mask.height, candidate.mask.data),
      };
    },
    async place(id, face, frame, square) {
      get(id).placed.set(face, { frame, square });
      return { face, area: { x: 0, y: 0, width: 1, height: 1 } };
    },
    async undo(id, face) {
      get(id).placed.delete(face);
    },
    async save(id, saving) {
      const { info, original, placed } = get(id);
      const canvas = drawn(info.width, info.height, (context) => {
        context.drawImage(original, 0, 0);
        for (const { frame, square } of placed.values()) lay(context, frame, square);
      });
      return {
        blob: await canvas.convertToBlob({ type: `image/${saving.format}` }),
        name: `opened_${info.name}`,
      };
    },
    async encode(squares) {
      return await Promise.all(squares.map((square) => canvasOf(square.width, square.data).convertToBlob()));
    },
    async masks(sidePx, shapes) {
      return shapes.map(() => rasterOf<'crop'>(drawn(sidePx, sidePx, () => undefined)));
    },
    async close(id) {
      opened.delete(id);
    },
  };
}

function lay(
  context: OffscreenCanvasRenderingContext2D,
  { toPhoto: m }: CropFrame,
  { pixels, alpha }: Blended,
): void {
  const data = new Uint8ClampedArray(pixels.data);
  alpha.data.forEach((a, i) => {
    data[i * 4 + 3] = a * 255;
  });
  context.save();
  context.transform(m.a, m.c, m.b, m.d, m.tx, m.ty);
  context.drawImage(canvasOf(pixels.width, data), 0, 0);
  context.restore();
}

function drawn(width: number, height: number, draw: (context: OffscreenCanvasRenderingContext2D) => void) {
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(width)), Math.max(1, Math.round(height)));
  draw(canvas.getContext('2d')!);
  return canvas;
}

function canvasOf(widthPx: number, data: Uint8ClampedArray<ArrayBuffer>): OffscreenCanvas {
  const image = new ImageData(data, widthPx);
  return drawn(image.width, image.height, (context) => context.putImageData(image, 0, 0));
}

function rasterOf<S extends 'view' | 'crop'>(canvas: OffscreenCanvas): Raster<S> {
  const { width, height, data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
  return { width, height, data: data as Uint8ClampedArray<ArrayBuffer> };
}
