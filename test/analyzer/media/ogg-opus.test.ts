import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { decodeOggOpus, OggError, OPUS_SAMPLE_RATE } from '../../../plugin/analyzer/media/index.ts';
import { oggChecksum } from '../../../plugin/analyzer/media/ogg/checksum.ts';
import { splitOpusStreams } from '../../../plugin/analyzer/media/ogg/opus-streams.ts';
import { FIRST_PAGE, LAST_PAGE, oggPage, opusHead, opusTags } from '../../../scripts/sample/ogg-writer.ts';
import { encodeOpus, mappedHead, opusFile, opusPages, PRE_SKIP, selfDelimited } from '../../support/opus-file.ts';
import { fixture } from './containers.ts';

/** A tone that sets in and ends gently, so that its place in time can be told. */
function tone(hz: number, rate: number, seconds = 0.6, gain = 0.5): Float32Array {
  const length = Math.round(rate * seconds);
  return Float32Array.from({ length }, (_, i) => {
    return gain * Math.sin(Math.PI * (i / length)) ** 2 * Math.sin((2 * Math.PI * hz * i) / rate);
  });
}

/** Likeness of two sounds, -1..1, with the first moved by some samples. */
function likeness(a: Float32Array, b: Float32Array, lag = 0): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < b.length; i++) {
    const x = a[i + lag] ?? 0;
    const y = b[i]!;
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return ab / Math.sqrt(aa * bb);
}

/** Amplitude of one frequency. */
function amplitude(samples: Float32Array, hz: number): number {
  let [re, im] = [0, 0];
  samples.forEach((sample, i) => {
    re += sample * Math.cos((2 * Math.PI * hz * i) / OPUS_SAMPLE_RATE);
    im += sample * Math.sin((2 * Math.PI * hz * i) / OPUS_SAMPLE_RATE);
  });
  return (2 * Math.hypot(re, im)) / samples.length;
}

test('the sound comes out where it was, without the delay of the encoder', async () => {
  const decoded = await decodeOggOpus(opusFile(tone(440, 48_000)));
  const original = tone(440, OPUS_SAMPLE_RATE);
  const lags = [-2, -1, 0, 1, 2];
  const best = lags.toSorted((a, b) => likeness(decoded, original, b) - likeness(decoded, original, a))[0];
  assert.ok(Math.abs(best!) <= 1, `best at ${best}`);
  assert.ok(likeness(decoded, original) > 0.99, `${likeness(decoded, original)}`);
});

test('the last page may end before its packets do', async () => {
  const packets = encodeOpus(tone(440, 48_000));
  for (const lastPage of [1, 7, packets.length]) {
    const whole = await decodeOggOpus(Buffer.concat(opusPages(packets, { lastPage })));
    assert.equal(whole.length, packets.length * 320 - PRE_SKIP / 3);
    const cut = await decodeOggOpus(Buffer.concat(opusPages(packets, { lastPage, cut: 600 })));
    assert.deepEqual(cut, whole.subarray(0, whole.length - 200));
  }
});

test('a file without an end mark is read to its end: recorders that were stopped leave none', async () => {
  const packets = encodeOpus(tone(440, 48_000));
  const pages = opusPages(packets);
  const unmarked = oggPage(packets.slice(-10), { granule: packets.length * 960, sequence: 3, serial: 1 });
  assert.deepEqual(
    await decodeOggOpus(Buffer.concat([...pages.slice(0, -1), unmarked])),
    await decodeOggOpus(Buffer.concat(pages)),
  );
});

test('two channels are averaged', async () => {
  const sound = await decodeOggOpus(readFileSync(fixture('stereo.opus')));
  // A sine of 0.5 on the left and nothing on the right.
  assert.ok(Math.abs(amplitude(sound.subarray(1_600, 6_400), 440) - 0.25) < 0.01);
});

test('streams of more than two channels are averaged as well, each channel counting the same', async () => {
  const left = tone(400, 48_000);
  const stereo = new Float32Array(left.length * 2);
  left.forEach((sample, i) => (stereo[2 * i] = sample));
  const [front, centre] = [encodeOpus(stereo, 2), encodeOpus(tone(1_000, 48_000))];
  const packets = front.map((packet, i) => Buffer.concat([selfDelimited(packet), centre[i]!]));
  const single = amplitude(await decodeOggOpus(opusFile(left)), 400);
  // Vorbis' order of three channels: left, centre, right.
  const head = mappedHead(3, { streams: 2, coupled: 1, mapping: [0, 2, 1] });
  const mixed = await decodeOggOpus(Buffer.concat(opusPages(packets, { head })));
  assert.ok(Math.abs(amplitude(mixed, 400) - single / 3) < 0.01);
  assert.ok(Math.abs(amplitude(mixed, 1_000) - single / 3) < 0.01);
  const muted = mappedHead(3, { streams: 2, coupled: 1, mapping: [0, 255, 1] });
  const without = await decodeOggOpus(Buffer.concat(opusPages(packets, { head: muted })));
  assert.ok(Math.abs(amplitude(without, 400) - single / 3) < 0.01);
  assert.ok(amplitude(without, 1_000) < 0.001);
});

test('chained streams follow one another, each with its own header', async () => {
  const [first, second] = [encodeOpus(tone(400, 48_000)), encodeOpus(tone(1_000, 48_000))];
  const head = opusHead(PRE_SKIP + 3 * 100);
  const chained = await decodeOggOpus(Buffer.concat([...opusPages(first), ...opusPages(second, { serial: 2, head })]));
  const one = await decodeOggOpus(Buffer.concat(opusPages(first)));
  const two = await decodeOggOpus(Buffer.concat(opusPages(second)));
  assert.deepEqual(chained, Float32Array.from([...one, ...two.subarray(100)]));
});

test('what runs beside the first Opus stream is passed over', async () => {
  const [sound, other] = [
    opusPages(encodeOpus(tone(400, 48_000))),
    opusPages(encodeOpus(tone(900, 48_000)), { serial: 2 }),
  ];
  const picture = oggPage([Buffer.from('a picture, say')], { granule: 0, sequence: 0, serial: 9, flags: FIRST_PAGE });
  const more = oggPage([Buffer.from('and more of it')], { granule: 0, sequence: 1, serial: 9, flags: LAST_PAGE });
  const woven = [picture, sound[0]!, other[0]!, more, ...sound.slice(1).flatMap((page, i) => [page, other[i + 1]!])];
  assert.deepEqual(await decodeOggOpus(Buffer.concat(woven)), await decodeOggOpus(Buffer.concat(sound)));
});

test('the gain of the header is applied, and clipped at full scale', async () => {
  const packets = encodeOpus(tone(440, 48_000, 0.6, 0.1));
  const louder = async (decibels: number) => {
    const head = opusHead(PRE_SKIP);
    head.writeInt16LE(decibels * 256, 16);
    return decodeOggOpus(Buffer.concat(opusPages(packets, { head })));
  };
  const [as, twice, beyond] = [await louder(0), await louder(20 * Math.log10(2)), await louder(60)];
  assert.ok(Math.abs(amplitude(twice, 440) / amplitude(as, 440) - 2) < 0.01);
  assert.ok(beyond.some((sample) => sample === 1) && beyond.every((sample) => Math.abs(sample) <= 1));
});

const packets = encodeOpus(tone(440, 48_000));
const good = opusPages(packets);
const withHead = (head: Buffer) => Buffer.concat(opusPages(packets, { head }));
const changed = (at: number, value: number) => {
  const head = opusHead(PRE_SKIP);
  head[at] = value;
  return head;
};
const silence = Uint8Array.of(0xf8 | 3, 6);

const WRONG: [name: string, file: Uint8Array, message: RegExp][] = [
  ['another format', Buffer.from('ID3'.padEnd(100)), /page 0 at byte 0 does not begin with 'OggS'/],
  ['an empty file', new Uint8Array(0), /holds no Opus stream/],
  ['Vorbis', oggPage([Buffer.from('\x01vorbis')], { granule: 0, sequence: 0, flags: FIRST_PAGE }), /holds no Opus/],
  ['a page cut off', Buffer.concat(good).subarray(0, -5), /page 3 .* ends 5 bytes after the file/],
  ['a missing page', Buffer.concat([good[0]!, good[1]!, good[3]!]), /page 2 .* follows a page that is missing/],
  ['a page after the last', Buffer.concat([...good, good[3]!]), /page 4 .* follows the last page/],
  ['headers alone', Buffer.concat(good.slice(0, 2)), /holds no sound/],
  ['one header', good[0]!, /cut off/],
  ['another version', withHead(changed(8, 16)), /version 16 of Ogg Opus is not known/],
  ['no channels', withHead(changed(9, 0)), /0 channels .* 1 to 2 are/],
  ['three channels without a map', withHead(changed(9, 3)), /3 channels .* 1 to 2 are/],
  ['a mapping of no use', withHead(changed(18, 3)), /channel mapping 3 of Opus is not supported: 0, 1, 255 are/],
  ['a map cut short', withHead(changed(18, 1)), /header is cut short/],
  ['a header cut short', withHead(opusHead(PRE_SKIP).subarray(0, 12)), /header is cut short/],
  ['9 channels', withHead(mappedHead(9, { streams: 9, coupled: 0, mapping: [0, 1, 2, 3, 4, 5, 6, 7, 8] })), /1 to 8/],
  ['more stereo than streams', withHead(mappedHead(2, { streams: 1, coupled: 2, mapping: [0, 1] })), /1 streams, 2/],
  ['a map beyond the streams', withHead(mappedHead(2, { streams: 1, coupled: 0, mapping: [0, 1] })), /maps channel 1/],
  ['an empty packet', Buffer.concat(opusPages([...packets, new Uint8Array(0)])), /audio packet \d+ is no Opus packet/],
  [
    'streams that are not there',
    withHead(mappedHead(2, { streams: 2, coupled: 0, mapping: [0, 1] })),
    /audio packet \d+ is no Opus packet/,
  ],
  [
    'hours out of few bytes',
    Buffer.concat([
      good[0]!,
      good[1]!,
      ...Array.from({ length: 50 }, (_, i) =>
        oggPage(new Array<Uint8Array>(120).fill(silence), { granule: -1, sequence: 2 + i, serial: 1 }),
      ),
    ]),
    /lasts longer than 10 minutes/,
  ],
];

for (const [name, file, message] of WRONG) {
  test(`one clear sentence says what is wrong: ${name}`, async () => {
    await assert.rejects(
      decodeOggOpus(file),
      (error: Error) => error instanceof OggError && message.test(error.message),
    );
  });
}

test('comments with a picture in them may go over many pages', async () => {
  const tags = Buffer.concat([opusTags(), Buffer.alloc(100_000, 7)]);
  const pages: Buffer[] = [];
  const segments = [...Array<number>(Math.floor(tags.length / 255)).fill(255), tags.length % 255];
  for (let from = 0, at = 0; from < segments.length; from += 200) {
    const lacing = segments.slice(from, from + 200);
    const size = lacing.reduce((sum, length) => sum + length, 0);
    pages.push(rawPage(lacing, tags.subarray(at, at + size), { sequence: 1 + pages.length, continued: from > 0 }));
    at += size;
  }
  const sound = oggPage(packets, {
    granule: packets.length * 960,
    sequence: 1 + pages.length,
    serial: 1,
    flags: LAST_PAGE,
  });
  assert.deepEqual(
    await decodeOggOpus(Buffer.concat([good[0]!, ...pages, sound])),
    await decodeOggOpus(Buffer.concat(opusPages(packets, { lastPage: packets.length }))),
  );
});

/** A page with segments as they are given, also in the middle of a packet. */
function rawPage(
  lacing: number[],
  body: Buffer,
  { sequence, continued }: { sequence: number; continued: boolean },
): Buffer {
  // Packets of at most 254 bytes take one segment each; their table is replaced, and the checksum made anew.
  const page = oggPage(
    lacing.map(() => new Uint8Array(0)),
    { granule: -1, sequence, serial: 1, flags: continued ? 1 : 0 },
  );
  const whole = Buffer.concat([page.subarray(0, 27), Buffer.from(lacing), body]);
  whole.writeUInt32LE(oggChecksum(whole), 22);
  return whole;
}

test('packets of several streams are taken apart, however their frames are packed', () => {
  const frames = (...sizes: number[]) => sizes.map((size, i) => Buffer.alloc(size, 0x11 * (i + 1)));
  const toc = (code: number) => 0x78 | code;
  const last = Buffer.from([toc(0), 9, 9]);
  const cases: [name: string, delimited: number[], alone: number[], body: Buffer[]][] = [
    ['one frame', [toc(0), 3], [toc(0)], frames(3)],
    ['one long frame', [toc(0), 252, 12], [toc(0)], frames(300)],
    ['two frames of a length', [toc(1), 4], [toc(1)], frames(4, 4)],
    ['two frames', [toc(2), 2, 5], [toc(2), 2], frames(2, 5)],
    ['frames of a length', [toc(3), 3, 6], [toc(3), 3], frames(6, 6, 6)],
    ['frames of any length', [toc(3), 0x83, 1, 2, 3], [toc(3), 0x83, 1, 2], frames(1, 2, 3)],
    ['padding', [toc(3), 0x42, 2, 4], [toc(3), 0x42, 2], [...frames(4, 4), Buffer.alloc(2)]],
    ['long padding', [toc(3), 0x41, 255, 1, 4], [toc(3), 0x41, 255, 1], [...frames(4), Buffer.alloc(255)]],
    ['empty frames', [toc(1), 0], [toc(1)], []],
  ];
  for (const [name, delimited, alone, body] of cases) {
    const packet = Buffer.concat([Buffer.from(delimited), ...body, last]);
    const split = splitOpusStreams(packet, 2)?.map((part) => [...part]);
    assert.deepEqual(split, [[...Buffer.concat([Buffer.from(alone), ...body])], [...last]], name);
    // Cut off before its own end, it has nothing to give.
    const short = packet.subarray(0, packet.length - last.length - 1);
    if (body.length > 0) assert.equal(splitOpusStreams(short, 2), null, name);
  }
  assert.deepEqual(splitOpusStreams(last, 1), [last]);
});
