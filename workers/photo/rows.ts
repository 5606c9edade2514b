/** Pixel values out of an ImageBitmap, some rows at a time, so that no second full-size copy is held. */

export interface RowReader {
  /** RGBA words of `count` rows from `y` on, straight alpha. */
  read(y: number, count: number): Uint32Array<ArrayBuffer>;
  close(): void;
}

/** Exact for opaque pictures: canvases hold premultiplied values. */
export function opaqueRows(
  bitmap: ImageBitmap,
  colorSpace: PredefinedColorSpace,
  maxRows: number,
): RowReader {
  const canvas = new OffscreenCanvas(bitmap.width, maxRows);
  return canvasRows(bitmap, canvas, canvas.getContext('2d', { willReadFrequently: true, colorSpace }));
}

/**
 * The whole opaque picture at once, a third of the time of canvases and no canvas' memory (measured, Chromium
 * 156). Null where the browser cannot, or where it would hand out the pixels before its own turning.
 */
export async function frameWords(bitmap: ImageBitmap): Promise<Uint32Array<ArrayBuffer> | null> {
  let frame: VideoFrame | null = null;
  try {
    frame = new VideoFrame(bitmap, { timestamp: 0 });
    const { width, height } = bitmap;
    const { visibleRect } = frame;
    if (visibleRect?.width !== width || visibleRect.height !== height) return null;
    const bytes = new Uint8Array(width * height * 4);
    const [layout] = await frame.copyTo(bytes, { format: 'RGBA', colorSpace: 'srgb' });
    return layout?.stride === width * 4 ? new Uint32Array(bytes.buffer) : null;
  } catch {
    return null;
  } finally {
    frame?.close();
  }
}

/**
 * Exact for pictures with transparency whose bitmap was made with `premultiplyAlpha: 'none'`: a WebGL texture
 * is the only way to straight values. Where there is no WebGL, a half-float canvas is exact too, except that
 * the hidden colours of wholly transparent pixels are lost.
 */
export function straightRows(
  bitmap: ImageBitmap,
  colorSpace: PredefinedColorSpace,
  maxRows: number,
): RowReader {
  return colorSpace === 'srgb'
    ? (textureRows(bitmap, maxRows) ?? floatRows(bitmap, colorSpace, maxRows))
    : floatRows(bitmap, colorSpace, maxRows);
}

function floatRows(bitmap: ImageBitmap, colorSpace: PredefinedColorSpace, maxRows: number): RowReader {
  const canvas = new OffscreenCanvas(bitmap.width, maxRows);
  // `colorType` is newer than TypeScript's list of settings; browsers that lack it ignore it.
  const settings = { willReadFrequently: true, colorSpace, colorType: 'float16' };
  return canvasRows(bitmap, canvas, canvas.getContext('2d', settings));
}

function canvasRows(
  bitmap: ImageBitmap,
  canvas: OffscreenCanvas,
  context: OffscreenCanvasRenderingContext2D | null,
): RowReader {
  if (!context) throw new Error('no 2D canvas in this browser');
  context.globalCompositeOperation = 'copy';
  const { width } = bitmap;
  return {
    read(y, count) {
      context.drawImage(bitmap, 0, y, width, count, 0, 0, width, count);
      return new Uint32Array(context.getImageData(0, 0, width, count).data.buffer);
    },
    close() {
      canvas.width = 0;
      canvas.height = 0;
    },
  };
}

function textureRows(bitmap: ImageBitmap, maxRows: number): RowReader | null {
  const { width } = bitmap;
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
  if (!gl || width > (gl.getParameter(gl.MAX_TEXTURE_SIZE) as number)) return null;
  gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
  gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, width, maxRows);
  gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
  gl.pixelStorei(gl.UNPACK_COLORSPACE_CONVERSION_WEBGL, gl.NONE);
  gl.bindFramebuffer(gl.FRAMEBUFFER, gl.createFramebuffer());
  const texture = gl.getParameter(gl.TEXTURE_BINDING_2D) as WebGLTexture;
  gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
  if (gl.checkFramebufferStatus(gl.FRAMEBUFFER) !== gl.FRAMEBUFFER_COMPLETE) return null;
  return {
    read(y, count) {
      gl.pixelStorei(gl.UNPACK_SKIP_ROWS, y);
      gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, width, count, gl.RGBA, gl.UNSIGNED_BYTE, bitmap);
      const bytes = new Uint8Array(width * count * 4);
      gl.readPixels(0, 0, width, count, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
      if (gl.getError() !== gl.NO_ERROR) throw new Error('the graphics driver refused a texture');
      return new Uint32Array(bytes.buffer);
    },
    close: () => gl.getExtension('WEBGL_lose_context')?.loseContext(),
  };
}
