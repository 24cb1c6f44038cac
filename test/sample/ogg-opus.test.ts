import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { MediaFileError, readOggOpus, SAMPLE_MEDIA_DIR } from '../../server/sample/index.ts';
import { oggChecksum } from '../../plugin/analyzer/media/ogg/checksum.ts';
import { opusDurationMs } from '../../server/sample/opus-duration.ts';
import { writeOggOpus } from '../../scripts/sample/ogg-writer.ts';

const maya = readFileSync(join(SAMPLE_MEDIA_DIR, 'maya.opus'));

/** A packet of 20 ms with a body of that many bytes. */
const packet = (size: number, fill = 7): Uint8Array => new Uint8Array(size + 1).fill(fill).fill(0x78, 0, 1);

test('packets of any length come back as they were written, also across segments', () => {
  const packets = [0, 1, 253, 254, 255, 509, 510, 700].map((size) => packet(size));
  const { frames, channels } = readOggOpus(writeOggOpus(packets, 312));
  assert.equal(channels, 1);
  assert.deepEqual(
    frames.map((frame) => Buffer.from(frame.packet)),
    packets.map((bytes) => Buffer.from(bytes)),
  );
});

test('times count from the first sound: the encoder delay comes before 0', () => {
  const { frames } = readOggOpus(writeOggOpus([packet(1), packet(1), packet(1)], 312));
  assert.deepEqual(
    frames.map(({ timeMs, durationMs }) => [timeMs, durationMs]),
    [
      [-6.5, 20],
      [13.5, 20],
      [33.5, 20],
    ],
  );
});

test('the length of a packet follows from its first bytes', () => {
  const lengths = [
    [[0x78], 20],
    [[0x79, 0], 40],
    [[0x18], 60],
    [[0x80], 2.5],
    [[0x7b, 3], 60],
    [[0x7b, 0], null],
    [[0x1b, 3], null],
    [[], null],
  ] as const;
  for (const [bytes, expected] of lengths)
    assert.equal(opusDurationMs(Uint8Array.from(bytes)), expected, String(bytes));
});

test('a file cut off anywhere is refused', () => {
  for (let size = 0; size < maya.length; size += 97) {
    assert.throws(() => readOggOpus(maya.subarray(0, size), 'maya.opus'), MediaFileError, `${size} bytes`);
  }
});

test('one flipped bit anywhere is noticed', () => {
  fc.assert(
    fc.property(fc.nat(maya.length - 1), fc.nat(7), (at, bit) => {
      const bytes = Buffer.from(maya);
      bytes[at]! ^= 1 << bit;
      assert.throws(() => readOggOpus(bytes), MediaFileError);
    }),
    { numRuns: 300, seed: 2 },
  );
});

test('what is wrong is said: other format, lost page, two streams, other codec', () => {
  const packets = Array.from({ length: 250 }, (_, index) => packet(20, index % 250));
  const good = writeOggOpus(packets, 312);
  const pageStarts = [...good.toString('latin1').matchAll(/OggS/g)].map(({ index }) => index);
  assert.equal(pageStarts.length, 5);
  assert.throws(() => readOggOpus(Buffer.from('ID3'.padEnd(100))), /does not begin with 'OggS'/);
  const lost = Buffer.concat([good.subarray(0, pageStarts[3]), good.subarray(pageStarts[4])]);
  assert.throws(() => readOggOpus(lost), /page 3 at byte \d+ is out of order: a page before it is missing/);
  assert.throws(() => readOggOpus(Buffer.concat([good, good])), /page 5 .* is out of order/);
  const vorbis = Buffer.from(good);
  vorbis.write('Vorbis!!', 28, 'latin1');
  vorbis.writeUInt32LE(oggChecksum(vorbis.subarray(0, pageStarts[1])), 22);
  assert.throws(() => readOggOpus(vorbis), /no identification header 'OpusHead'/);
});
