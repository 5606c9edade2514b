/** What of a PNG's own chunks goes into the saved PNG. */
import { expect, test } from 'vitest';
import { latin1 } from '../../workers/photo/formats/bytes';
import { pngFile, textChunk, unicodeChunk } from '../../workers/photo/formats/pngFile';
import { pngHeader } from '../../workers/photo/formats/pngHeader';
import { pngChunks } from '../../workers/photo/metadata/pngMetadata';
import { savedMetadata } from '../../workers/photo/metadata/savedMetadata';
import { makePhoto } from '../fakes/faces';

test('a position in text chunks, as ImageMagick writes it, is kept or dropped; other texts stay', async () => {
  const chunks = [
    textChunk('exif:GPSLatitude', '52/1, 31/1, 12/1'),
    unicodeChunk('gps:Longitude', '13° 24′ O'),
    textChunk('Title', 'Summer'),
  ];
  const file = await pngFile({ width: 4, height: 3, hasAlpha: false }, chunks, []).arrayBuffer();
  const header = pngHeader(new Uint8Array(file))!;
  const info = makePhoto('texts', 4, 3);
  const photo = { info, header, profile: null, file: new Blob(), patches: new Map() };
  const textsWith = (keepGps: boolean) => {
    const metadata = savedMetadata(photo, { keepGps, parts: 'captured' });
    return pngChunks(photo, metadata, {}).map(({ data }) => latin1(data));
  };
  expect(textsWith(true)).toEqual([...chunks.map(({ data }) => latin1(data)), 'GeneratedBy\0OpenTheEyes']);
  expect(textsWith(false)).toEqual(['Title\0Summer', 'GeneratedBy\0OpenTheEyes']);
});
