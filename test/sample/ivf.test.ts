import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MediaFileError, readIvf } from '../../server/sample/index.ts';

/** An IVF file of frames that each hold their own number. */
function ivf(times: readonly number[], { rate = 15, scale = 1 } = {}): Buffer {
  const header = Buffer.alloc(32);
  header.write('DKIF', 0, 'latin1');
  header.writeUInt16LE(32, 6);
  header.write('VP80', 8, 'latin1');
  header.writeUInt16LE(480, 12);
  header.writeUInt16LE(360, 14);
  header.writeUInt32LE(rate, 16);
  header.writeUInt32LE(scale, 20);
  const frames = times.map((time, index) => {
    const frame = Buffer.alloc(12 + 3, index);
    frame.writeUInt32LE(3, 0);
    frame.writeBigUInt64LE(BigInt(time), 4);
    return frame;
  });
  return Buffer.concat([header, ...frames]);
}

test('an IVF file gives its size, its codec and its frames with times in ms', () => {
  const file = readIvf(ivf([0, 1, 3]));
  assert.deepEqual([file.fourcc, file.width, file.height], ['VP80', 480, 360]);
  assert.deepEqual(
    file.frames.map(({ timeMs }) => Math.round(timeMs)),
    [0, 67, 200],
  );
  assert.deepEqual([...file.frames[2]!.data], [2, 2, 2]);
});

const broken: Array<[string, Buffer, RegExp]> = [
  ['an empty file', Buffer.alloc(0), /0 bytes are too few/],
  ['another format', Buffer.from('RIFF'.padEnd(40, 'x')), /'DKIF'/],
  ['a file cut off inside a frame', ivf([0, 1]).subarray(0, -1), /frame 1 at byte 47 says that it has 3 bytes; 1 to 2/],
  ['a file cut off inside a frame header', ivf([0, 1]).subarray(0, 50), /frame 1 at byte 47 has no whole header/],
  ['times that run backwards', ivf([5, 4]), /not after/],
  ['a time base of nothing', ivf([0], { rate: 0 }), /time base 1\/0/],
];
for (const [what, bytes, message] of broken) {
  test(`${what} is refused with the file's name and what is wrong`, () => {
    assert.throws(
      () => readIvf(bytes, 'maya.ivf'),
      (error: unknown) => error instanceof MediaFileError && error.file === 'maya.ivf' && message.test(error.message),
    );
  });
}

test('a frame that claims four gigabytes is refused and not allocated', () => {
  const bytes = ivf([0]);
  bytes.writeUInt32LE(0xffff_ffff, 32);
  assert.throws(() => readIvf(bytes), /says that it has 4294967295 bytes/);
});

test('no damaged file does worse than a MediaFileError', () => {
  const good = ivf([0, 1, 2, 3]);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 8 }),
      fc.nat(good.length),
      (changes, size) => {
        const bytes = Buffer.from(good);
        for (const [at, value] of changes) bytes[at] = value;
        try {
          for (const { data } of readIvf(bytes.subarray(0, size)).frames) assert.ok(data.length > 0);
        } catch (error) {
          assert.ok(error instanceof MediaFileError, String(error));
        }
      },
    ),
    { numRuns: 2000, seed: 1 },
  );
});
