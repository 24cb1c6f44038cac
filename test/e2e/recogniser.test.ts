/** Speech recognition on the real way: sound through a mediasoup worker, words into the utterances in which they were said. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, test } from 'node:test';
import type { EmotionFinal } from '../../plugin/index.ts';
import { readRecording } from '../../server/sample/index.ts';
import { withoutPocketsphinx } from '../support/pocketsphinx.ts';
import { SampleRoom } from '../support/sample-room.ts';
import { TINY_MODEL } from '../server/support.ts';

const skip = withoutPocketsphinx();
/** A whole pass of the call takes half a minute. */
const PATIENCE_MS = 150_000;
/** How far a word may lie outside of the utterance that it is given to. */
const NEAR_MS = 500;

const folder = mkdtempSync(join(tmpdir(), 'undertone-recogniser-'));
const broken = join(folder, 'broken');
const path = process.env['PATH'] ?? '';
let room: SampleRoom;
let said: Map<string, Set<string>>;

const bare = (text: string): string[] => text.toLowerCase().match(/[a-z']+/g) ?? [];

before(async () => {
  if (skip) return;
  // The real program, until a test breaks it.
  const program = spawnSync('sh', ['-c', 'command -v pocketsphinx_continuous'], { encoding: 'utf8' }).stdout.trim();
  const wrapper = join(folder, 'pocketsphinx_continuous');
  writeFileSync(wrapper, `#!/bin/sh\n[ -e ${broken} ] && exit 3\nexec ${program} "$@"\n`);
  chmodSync(wrapper, 0o755);
  process.env['PATH'] = `${folder}${delimiter}${path}`;
  const { speakers, cues } = await readRecording();
  const own = (name: string) => cues.filter(({ speaker }) => speaker === name).flatMap(({ text }) => bare(text));
  said = new Map(speakers.map(({ id, displayName }) => [id, new Set(own(displayName))]));
  const undertone = {
    model: TINY_MODEL,
    transcript: { recogniser: 'pocketsphinx', lang: 'en-US' },
    // A busy machine recognises slowly.
    utterance: { transcriptGraceMs: 30_000 },
  } as const;
  room = await SampleRoom.open({}, { undertone, captions: false });
  const [first, second] = room.speakers;
  room.observer.consent.set(first!, { audio: true, text: true });
  room.observer.consent.set(second!, { audio: true });
  await room.call.start();
});
after(async () => {
  process.env['PATH'] = path;
  await room?.close();
  rmSync(folder, { recursive: true });
});

const worded = (participantId: string) => (final: EmotionFinal) =>
  final.participantId === participantId && final.modalities.text.words >= 3;

test(
  'what is said comes out as the words of who said it, in the utterance in which it was said',
  { skip },
  async () => {
    const [first] = room.speakers;
    await room.until('emotion.final', worded(first!), PATIENCE_MS);
    let right = 0;
    let all = 0;
    for (const { participantId, transcript, span } of room.of('emotion.final')) {
      if (!transcript) continue;
      assert.equal(participantId, first);
      assert.ok(transcript.words!.length > 0);
      for (const { startMs, endMs } of transcript.words!) {
        assert.ok(endMs > span.startMs - NEAR_MS && startMs < span.endMs + NEAR_MS, 'a word lies in its utterance');
      }
      const words = bare(transcript.text);
      all += words.length;
      right += words.filter((word) => said.get(participantId)!.has(word)).length;
      assert.equal(transcript.lang, 'en-US');
    }
    assert.ok(right > all / 2, `${right} of ${all} words are what was said`);
  },
);

test('who does not agree to words is not listened to', { skip }, async () => {
  const [, second] = room.speakers;
  const final = await room.until('emotion.final', ({ participantId }) => participantId === second, PATIENCE_MS);
  assert.deepEqual(final.modalities.text, { used: false, reason: 'no-consent', words: 0 });
  assert.ok(room.of('emotion.final').every(({ participantId, transcript }) => participantId !== second || !transcript));
});

test(
  'a recogniser that crashes is told of; results go on without words, and with them when it is well again',
  { skip },
  async () => {
    writeFileSync(broken, '');
    const degraded = await room.next('analysis.state', ({ state }) => state === 'degraded', PATIENCE_MS);
    assert.match(degraded.reason!, /^transcript: pocketsphinx ended with 3$/);
    const speechless = await room.next(
      'emotion.final',
      ({ modalities }) => modalities.text.reason === 'source-failed',
      PATIENCE_MS,
    );
    assert.deepEqual([speechless.modalities.audio.used, speechless.modalities.text.used], [true, false]);
    const active = room.next('analysis.state', ({ state }) => state === 'active', PATIENCE_MS);
    rmSync(broken);
    await active;
    await room.next('emotion.final', ({ modalities }) => modalities.text.used, PATIENCE_MS);
    assert.equal(room.undertone.stats().restarts, 0, 'the analyzer has not noticed');
  },
);
