import type { PhotoId, PhotoInfo, PhotoNotice } from '../../src/core/photo';
import { profileOf } from './colour';
import { type DecodedPicture, decode } from './decode';
import type { Bytes } from './formats/bytes';
import type { PictureHeader } from './formats/header';
import { tellsPlace } from './formats/pngHeader';
import { readHeader } from './formats/readHeader';
import { SNIFF_BYTES, sniff } from './formats/sniff';
import { readExif } from './metadata/exif';
import { descriptionOf } from './metadata/icc';
import { hasGps } from './metadata/xmp';
import { expectFileFits, expectFits, unreadable } from './refusal';

export interface Opened {
  readonly header: PictureHeader;
  readonly picture: DecodedPicture;
  readonly profile: Bytes | null;
  readonly info: PhotoInfo;
}

/** @throws photo-unreadable, photo-too-large; both before any pixel is decoded where the header tells. */
export async function readPictureHeader(file: Blob): Promise<PictureHeader> {
  const sniffed = sniff(await bytesOf(file.slice(0, SNIFF_BYTES)));
  if ('refused' in sniffed) throw unreadable(sniffed.refused);
  expectFileFits(file.size);
  const header = readHeader(sniffed.format, await bytesOf(file));
  if (!header) throw unreadable('damaged');
  expectFits(header.width, header.height);
  return ownedHeader(header);
}

export async function openPicture(
  id: PhotoId,
  file: Blob,
  name: string,
  header: PictureHeader,
  signal: AbortSignal,
): Promise<Opened> {
  const picture = await decode(file, header, signal);
  const profile = await profileOf(header, picture.road);
  const { metadata } = header;
  const exif = readExif(metadata.exif);
  const info: PhotoInfo = {
    id,
    name,
    format: header.format,
    width: picture.pixels.width,
    height: picture.pixels.height,
    fileBytes: file.size,
    hasAlpha: header.hasAlpha,
    colourProfile: profile ? (descriptionOf(profile) ?? 'unnamed') : null,
    hasGps: exif.hasGps || hasGps(metadata.xmp) || metadata.extra.some(tellsPlace),
    takenAt: exif.takenAt,
    jpegQuality: header.jpegQuality,
    notices: noticesOf(header, picture),
  };
  return { header, picture, profile, info };
}

function noticesOf(header: PictureHeader, picture: DecodedPicture): PhotoNotice[] {
  const told: readonly (readonly [PhotoNotice, boolean])[] = [
    ['first-frame-only', header.isAnimated],
    ['reduced-to-8-bit', header.bitsPerChannel > 8],
    ['cmyk-converted', header.channels === 'cmyk'],
    ['damaged-part', picture.isDamaged],
    ['hdr-flattened', header.isHdr],
  ];
  return told.filter(([, applies]) => applies).map(([notice]) => notice);
}

/** Copies the metadata, so that the header does not hold on to the whole file. */
function ownedHeader(header: PictureHeader): PictureHeader {
  const { exif, icc, xmp, extra } = header.metadata;
  const metadata = {
    exif: exif?.slice() ?? null,
    icc: icc?.slice() ?? null,
    xmp,
    extra: extra.map(({ kind, bytes }) => ({ kind, bytes: bytes.slice() })),
  };
  return { ...header, metadata };
}

async function bytesOf(file: Blob): Promise<Bytes> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (cause) {
    throw unreadable('gone', cause);
  }
}
