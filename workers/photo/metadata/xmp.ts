/**
 * XMP packets (ISO 16684-1) changed as text: the packet of another program is kept as it is but for the
 * properties that are no longer true. A worker has no XML parser, and re-serialising would lose more.
 */

import type { PartsSource } from '../../../src/core/photo';

/** IPTC NewsCodes, digital source type: what the saved picture is, by what was laid into it. */
export const DIGITAL_SOURCE: Readonly<Record<PartsSource, string>> = {
  captured: 'http://cv.iptc.org/newscodes/digitalsourcetype/compositeCapture',
  generated: 'http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia',
};

export interface XmpChange {
  /** Null: no face was placed, and what the packet says of its source stays. */
  readonly source: PartsSource | null;
  readonly keepGps: boolean;
}

const MAX_PACKET_CHARACTERS = 2_000_000;

/**
 * Names (without prefix) of properties that describe the file as it was: turning, size, small copies, gain maps, and the
 * video behind a motion photo, without which galleries take the end of the picture for one.
 */
const STALE = [
  'Orientation',
  'Thumbnails',
  'HasExtendedXMP',
  'Directory',
  'HDRGainMapVersion',
  'HDRGainMapHeadroom',
  'ImageWidth',
  'ImageLength',
  'PixelXDimension',
  'PixelYDimension',
  'MotionPhoto\\w*',
  'MicroVideo\\w*',
];
/** Told anew. */
const SOURCE = ['DigitalSourceType', 'DigitalSourceFileType'];
/** Prefixes whose every property is stale. */
const STALE_PREFIXES = ['hdrgm', 'HDRGainMap', 'GDepth', 'GImage'];
/** `exif:GPSLatitude`, DJI's `drone-dji:GpsLatitude`: every program has its own case. */
const PLACE = '[Gg][Pp][Ss]\\w*';
/** A namespace may be named like a property: its declaration stays. */
const ANY_PREFIX = '(?!xmlns:)[\\w.-]+';

/** The packet with what is stale taken out and the digital source type put in; a new one where there is none. */
export function changeXmp(packet: string | null, { source, keepGps }: XmpChange): string | null {
  const rdf = packet && packet.length <= MAX_PACKET_CHARACTERS ? rdfOf(packet) : null;
  if (rdf === null) return source && newXmp(source);
  const names = [...STALE, ...(source ? SOURCE : []), ...(keepGps ? [] : [PLACE])];
  let changed = rdf;
  for (const name of names) changed = withoutProperty(changed, ANY_PREFIX, name);
  for (const prefix of STALE_PREFIXES) changed = withoutProperty(changed, prefix, '\\w+');
  if (source === null) return packetOf(changed);
  changed = changed.replace(EMPTY_DESCRIPTION, '');
  const about = changed.match(/\brdf:about\s*=\s*"([^"<>]*)"/)?.[1] ?? '';
  const end = changed.lastIndexOf('</rdf:RDF');
  return packetOf(`${changed.slice(0, end)}${sourceDescription(about, source)}</rdf:RDF>`);
}

/** A packet that tells the source type only. */
export function newXmp(source: PartsSource): string {
  return packetOf(`<rdf:RDF xmlns:rdf="${RDF}">${sourceDescription('', source)}</rdf:RDF>`);
}

/** The packet says that a part of the picture, or all of it, is no photo. */
export function isGenerated(packet: string | null): boolean {
  return packet !== null && /digitalsourcetype\/(?:\w*algorithmicMedia|compositeSynthetic)\b/i.test(packet);
}

export function hasGps(packet: string | null): boolean {
  // DJI's drones write `GpsLongtitude`.
  return packet !== null && /:GPS(?:Latitude|Longt?itude)\b/i.test(packet);
}

/** What is left of an earlier change by this app. */
const EMPTY_DESCRIPTION = /<rdf:Description rdf:about="[^"<>]*" xmlns:Iptc4xmpExt="[^"<>]*"\/>/g;
const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';

function sourceDescription(about: string, source: PartsSource): string {
  const iptc = 'http://iptc.org/std/Iptc4xmpExt/2008-02-29/';
  return `<rdf:Description rdf:about="${about}" xmlns:Iptc4xmpExt="${iptc}" Iptc4xmpExt:DigitalSourceType="${DIGITAL_SOURCE[source]}"/>`;
}

function packetOf(rdf: string): string {
  return (
    '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>' +
    `<x:xmpmeta xmlns:x="adobe:ns:meta/">${rdf}</x:xmpmeta><?xpacket end="w"?>`
  );
}

/** From `<rdf:RDF` to its end; null when the packet is broken or names RDF otherwise. */
function rdfOf(packet: string): string | null {
  const start = packet.indexOf('<rdf:RDF');
  const close = packet.lastIndexOf('</rdf:RDF');
  const end = close < 0 ? -1 : packet.indexOf('>', close);
  return start >= 0 && close > start && end > close ? packet.slice(start, end + 1) : null;
}

/** As attribute, as empty element, and as element with content (which does not nest itself in XMP). */
function withoutProperty(rdf: string, prefix: string, name: string): string {
  const property = `${prefix}:${name}`;
  const attribute = new RegExp(`\\s${property}\\s*=\\s*(?:"[^"]*"|'[^']*')`, 'g');
  return withoutElements(rdf.replace(attribute, ''), new RegExp(`<(/?)(${property})(?:\\s[^<>]*)?/?>`, 'g'));
}

/** One pass over opening and closing tags: a regular expression over both takes quadratic time on hostile text. */
function withoutElements(rdf: string, tag: RegExp): string {
  const cuts: { readonly start: number; readonly end: number }[] = [];
  /** By name, where the closing tag next after the current one ends. */
  const closings = new Map<string, number>();
  for (const { 0: text, 1: slash, 2: name, index: start } of [...rdf.matchAll(tag)].reverse()) {
    const after = start + text.length;
    if (slash) closings.set(name!, after);
    const end = text.endsWith('/>') ? after : closings.get(name!);
    if (!slash && end !== undefined) cuts.push({ start, end });
  }
  const kept: string[] = [];
  let from = 0;
  for (const { start, end } of cuts.reverse()) {
    if (start < from) continue;
    kept.push(rdf.slice(from, start));
    from = end;
  }
  return kept.join('') + rdf.slice(from);
}
