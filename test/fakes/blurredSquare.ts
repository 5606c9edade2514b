import { CHANNELS, plane, type Raster, raster } from '../../src/core/raster';
import { gaussianBlur } from '../../src/pixels/gaussianBlur';

/** As a restorer that smooths leaves it; alpha stays. */
export function blurred({ width, height, data }: Raster<'crop'>, sigmaPx: number): Raster<'crop'> {
  const soft = [0, 1, 2].map((c) => {
    const channel = Float32Array.from({ length: width * height }, (_, i) => data[i * CHANNELS + c]!);
    return gaussianBlur(plane(width, height, channel), 2 * Math.ceil(3 * sigmaPx) + 1, sigmaPx).data;
  });
  return raster(
    width,
    height,
    data.map((code, i) => soft[i % CHANNELS]?.[Math.floor(i / CHANNELS)] ?? code),
  );
}
