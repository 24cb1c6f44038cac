import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../scripts/random.ts';
import { decodeOggOpus, OggError } from '../../plugin/analyzer/media/index.ts';
import { oggChecksum } from '../../plugin/analyzer/media/ogg/checksum.ts';
import { encodeOpus, mappedHead, opusPages, selfDelimited } from '../support/opus-file.ts';

const MUTANTS = 2_000;
const MAX_SAMPLES = 10 * 60 * 16_000;
const noise = seededRandom(1);
const packets = encodeOpus(Float32Array.from({ length: 4_800 }, () => noise() - 0.5));
const doubled = packets.map((packet) => Buffer.concat([selfDelimited(packet), packet]));

/** The pages of a chained file: a mono stream, then one of two coded streams. */
const pages = [
  ...opusPages(packets, { lastPage: 3 }),
  ...opusPages(doubled, {
    serial: 2,
    lastPage: 3,
    head: mappedHead(2, { streams: 2, coupled: 0, mapping: [0, 1] }),
  }),
];

/** One of many ways to spoil a page; its checksum may be made good, so that what it says is believed. */
function spoil(original: Uint8Array, random: () => number): Uint8Array {
  const below = (limit: number) => Math.floor(random() * limit);
  let page = Uint8Array.from(original);
  for (let edits = below(4); edits >= 0; edits--) {
    // The header is a small part of most pages, and the part that can do most harm.
    const at = random() < 0.6 ? below(Math.min(page.length, 27 + page[26]!)) : below(page.length);
    page[at] = random() < 0.5 ? page[at]! ^ (1 << below(8)) : below(256);
  }
  if (random() < 0.2) page = page.slice(0, below(page.length));
  if (random() < 0.1) page = Uint8Array.from([...page, ...Array.from({ length: below(600) }, () => below(256))]);
  if (random() < 0.8 && page.length >= 27) {
    const { buffer, byteOffset, byteLength } = page;
    new DataView(buffer, byteOffset, byteLength).setUint32(22, oggChecksum(page), true);
  }
  return page;
}

test(`${MUTANTS} spoiled Ogg Opus files give sound or one clear error`, async () => {
  const random = seededRandom(2);
  const outcomes = { sound: 0, refused: new Set<string>() };
  for (let round = 0; round < MUTANTS; round++) {
    const mutant = pages.flatMap((page) => {
      const fate = random();
      if (fate < 0.15) return [spoil(page, random)];
      if (fate < 0.17) return [];
      return fate < 0.19 ? [page, page] : [page];
    });
    try {
      const pcm = await decodeOggOpus(Buffer.concat(mutant));
      assert.ok(pcm.length > 0 && pcm.length <= MAX_SAMPLES);
      assert.ok(pcm.every((sample) => Math.abs(sample) <= 1));
      outcomes.sound++;
    } catch (error) {
      assert.ok(error instanceof OggError, String((error as Error).stack));
      outcomes.refused.add(error.message.replaceAll(/\d+/g, '#'));
    }
  }
  // The mutants get everywhere: some decode, others fail in many ways.
  assert.ok(outcomes.sound > MUTANTS / 20, `${outcomes.sound} decoded`);
  assert.ok(outcomes.refused.size > 12, [...outcomes.refused].join('\n'));
});
