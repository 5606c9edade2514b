import { expect, test } from 'vitest';
import { changeXmp, DIGITAL_SOURCE, hasGps, isGenerated } from '../../workers/photo/metadata/xmp';

const packet = `<?xpacket begin="" id="x"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="uuid:7" xmlns:exif="e" xmlns:tiff="t" xmlns:dc="d" xmlns:xmp="m" xmlns:ext="i"
 tiff:Orientation="6" exif:GPSLatitude="52,31.5N" dc:format="image/jpeg" ext:DigitalSourceType='old'>
<exif:GPSLongitude>13,24.1E</exif:GPSLongitude><xmp:Thumbnails><rdf:Alt><rdf:li>AAAA</rdf:li></rdf:Alt></xmp:Thumbnails>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Summer</rdf:li></rdf:Alt></dc:title>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`;

const source = 'captured';
const change = (text: string | null, keepGps: boolean) => changeXmp(text, { source, keepGps })!;

test('a packet of another program keeps what is true and loses what is not', () => {
  const changed = change(packet, true);
  expect(changed).toContain('Summer');
  expect(changed).toContain('dc:format="image/jpeg"');
  expect(changed).toContain('exif:GPSLatitude="52,31.5N"');
  expect(changed).not.toMatch(/Orientation|Thumbnails|AAAA|'old'/);
  expect(changed.match(/DigitalSourceType=/g)).toHaveLength(1);
  expect(changed).toContain(`rdf:about="uuid:7" xmlns:Iptc4xmpExt`);
  expect(changed).toContain(DIGITAL_SOURCE.captured);
});

test('the position goes on request, as attribute and as element', () => {
  expect(hasGps(packet)).toBe(true);
  const changed = change(packet, false);
  expect(hasGps(changed)).toBe(false);
  expect(changed).not.toContain('13,24.1E');
  expect(changed).toContain('Summer');
});

test('the video of a motion photo, which is not saved, is not told of', () => {
  const motion = packet.replace(
    'dc:format="image/jpeg"',
    `dc:format="image/jpeg" GCamera:MotionPhoto="1" GCamera:MotionPhotoVersion="1"
 GCamera:MotionPhotoPresentationTimestampUs="968644" GCamera:MicroVideo="1" GCamera:MicroVideoVersion="1"
 GCamera:MicroVideoOffset="4122963" GCamera:MicroVideoPresentationTimestampUs="968644" GCamera:SpecialTypeID="x"`,
  );
  const changed = change(motion, true);
  expect(changed).not.toMatch(/MotionPhoto|MicroVideo/);
  expect(changed).toContain('GCamera:SpecialTypeID="x"');
});

test('the size before turning and enlarging goes, as attribute and as element', () => {
  const sized = packet.replace(
    '<dc:title>',
    '<tiff:ImageWidth>4032</tiff:ImageWidth><exif:PixelXDimension>4032</exif:PixelXDimension><dc:title>',
  );
  const both = sized.replace('dc:format', 'tiff:ImageLength="3024" exif:PixelYDimension="3024" dc:format');
  const changed = change(both, true);
  expect(changed).not.toMatch(/ImageWidth|ImageLength|Pixel[XY]Dimension|4032|3024/);
  expect(changed).toContain('Summer');
});

test('the position of a drone goes, in its own spelling', () => {
  const drone = packet.replace(
    'exif:GPSLatitude="52,31.5N"',
    'xmlns:gpsns="g" drone-dji:GpsLatitude="+52.5" drone-dji:GpsLongtitude="+13.4" drone-dji:GimbalYawDegree="+3"',
  );
  const alone = drone.replace('<exif:GPSLongitude>13,24.1E</exif:GPSLongitude>', '');
  expect(hasGps(alone)).toBe(true);
  expect(hasGps('<a drone-dji:GpsLongtitude="+13.4"/>')).toBe(true);
  const changed = change(alone, false);
  expect(hasGps(changed)).toBe(false);
  expect(changed).not.toMatch(/52\.5|13\.4/);
  expect(changed).toContain('xmlns:gpsns="g" drone-dji:GimbalYawDegree="+3"');
  expect(change(alone, true)).toContain('drone-dji:GpsLatitude="+52.5" drone-dji:GpsLongtitude="+13.4"');
});

test('a property goes with its own closing tag, not with one that starts alike', () => {
  const rdf = '<rdf:RDF><e:GPSx>1</e:GPSxy><dc:a/></e:GPSx><dc:b/><e:GPSz q="1"/><dc:c/></rdf:RDF>';
  const changed = change(rdf, false);
  expect(changed).not.toMatch(/GPS|dc:a/);
  expect(changed).toContain('<rdf:RDF><dc:b/><dc:c/>');
});

test('changing twice is changing once', () => {
  const once = change(packet, false);
  expect(change(once, false)).toBe(once);
});

test.each([null, '', 'no xml at all', '<rdf:RDF>', '</rdf:RDF><rdf:RDF '])(
  '%j gives a new packet',
  (broken) => {
    const made = changeXmp(broken, { source: 'generated', keepGps: true })!;
    expect(made).toContain(DIGITAL_SOURCE.generated);
    expect(made.match(/<rdf:RDF/g)).toHaveLength(1);
  },
);

test('a packet that tells of a generated picture is known, whoever wrote it', () => {
  const told = (type: string) =>
    isGenerated(packet.replace('old', `http://cv.iptc.org/newscodes/digitalsourcetype/${type}`));
  expect(isGenerated(changeXmp(packet, { source: 'generated', keepGps: true }))).toBe(true);
  expect(['trainedAlgorithmicMedia', 'algorithmicMedia', 'compositeSynthetic'].map(told)).toEqual(
    Array(3).fill(true),
  );
  expect(['digitalCapture', 'compositeCapture', 'negativeFilm', 'digitalCreation'].map(told)).toEqual(
    Array(4).fill(false),
  );
  expect([null, packet].map(isGenerated)).toEqual([false, false]);
});

test('a picture that was not changed tells no new source', () => {
  expect(changeXmp(null, { source: null, keepGps: true })).toBeNull();
  const kept = changeXmp(packet, { source: null, keepGps: false })!;
  expect(kept).toContain("DigitalSourceType='old'");
  expect(kept).not.toContain('GPS');
  expect(kept).not.toContain('compositeCapture');
});

test('a hostile packet costs no more than a moment', () => {
  const open = '<exif:GPSx '.repeat(100_000);
  const start = performance.now();
  changeXmp(`<rdf:RDF>${open}</rdf:RDF>`, { source, keepGps: false });
  changeXmp(`<rdf:RDF>${'<a:Thumbnails>'.repeat(50_000)}</rdf:RDF>`, { source, keepGps: false });
  const unlike = Array.from({ length: 100_000 }, (_, i) => `<a${i}:Thumbnails>`).join('');
  changeXmp(`<rdf:RDF>${unlike}</rdf:RDF>`, { source, keepGps: false });
  hasGps('a'.repeat(300_000));
  expect(performance.now() - start).toBeLessThan(2000);
});
