/** Recordings of several tracks, written by FFmpeg and read again; and what is said where FFmpeg is not there. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openRecordings, RecordingError, type EmotionFinal } from '../../plugin/index.ts';
import { SAMPLE_MEDIA_DIR } from '../../server/sample/index.ts';
import { TINY_MODEL } from '../analyzer/inference/fixtures/paths.ts';
import { WITHOUT_NODE_AV, writeContainer } from '../support/container-file.ts';

let folder: string;
before(async () => (folder = await mkdtemp(join(tmpdir(), 'undertone-containers-'))));
after(() => rm(folder, { recursive: true }));

const media = (name: string) => join(SAMPLE_MEDIA_DIR, name);
const FILES = ['maya.opus', 'maya.ivf', 'callum.opus', 'callum.ivf'].map(media);

async function finalsOf(inputs: Parameters<typeof openRecordings>[0], ids: string[]): Promise<EmotionFinal[]> {
  const open = await openRecordings(inputs, { model: TINY_MODEL });
  try {
    assert.equal(open.tracks.length, ids.length);
    assert.ok(open.tracks.every(({ hasVideo, lengthMs }) => hasVideo && lengthMs > 29_000 && lengthMs < 31_000));
    const finals: EmotionFinal[] = [];
    const participants = ids.map((participantId) => ({ participantId }));
    for await (const { events } of open.run({ roomId: 'call', participants })) {
      finals.push(...events.filter((event): event is EmotionFinal => event.type === 'emotion.final'));
    }
    return finals;
  } finally {
    open.close();
  }
}

describe('containers', { skip: WITHOUT_NODE_AV }, () => {
  let apart: EmotionFinal[];
  before(async () => {
    const inputs = ['maya', 'callum'].map((name) => ({
      sound: { path: media(`${name}.opus`) },
      video: { path: media(`${name}.ivf`) },
    }));
    apart = await finalsOf(inputs, ['maya', 'callum']);
  });

  const FORMATS: [extension: string, encoders?: string[]][] = [
    ['mkv'],
    ['webm'],
    ['mp4', ['aac', 'libx264', 'aac', 'libx264']],
  ];
  for (const [extension, encoders] of FORMATS) {
    test(`the tracks of ${extension.toUpperCase()} are the participants that they are in files of their own`, async () => {
      const path = join(folder, `call.${extension}`);
      await writeContainer(path, FILES, encoders);
      const finals = await finalsOf([{ sound: { path } }], ['maya', 'callum']);
      assert.deepEqual(
        finals.map(({ participantId }) => participantId),
        apart.map(({ participantId }) => participantId),
      );
      for (const [index, { span, modalities }] of finals.entries()) {
        const same = apart[index]!;
        assert.ok(Math.abs(span.startMs - same.span.startMs) <= 64, `${span.startMs}`);
        assert.ok(Math.abs(span.endMs - same.span.endMs) <= 64, `${span.endMs}`);
        assert.ok(Math.abs(modalities.video.frames - same.modalities.video.frames) <= 1);
      }
    });
  }

  test('a run that goes on in the middle of a container ends as one that was not stopped', async () => {
    const path = join(folder, 'again.mkv');
    await writeContainer(path, FILES);
    const run = async (until?: number) => {
      const open = await openRecordings([{ sound: { path } }], { model: TINY_MODEL });
      const participants = [{ participantId: 'maya' }, { participantId: 'callum' }];
      const heard: { vad: number[]; memory: Float32Array }[] = participants.map(() => ({
        vad: [],
        memory: new Float32Array(0),
      }));
      const events: EmotionFinal[] = [];
      let lastSeq = 0;
      let untilMs = 0;
      for await (const step of open.run({ roomId: 'call', participants })) {
        untilMs = step.untilMs;
        for (const [index, { vad, memory }] of step.listeners.entries()) {
          heard[index]!.vad.push(...vad);
          heard[index]!.memory = memory;
        }
        lastSeq = step.events.at(-1)?.seq ?? lastSeq;
        events.push(...step.events.filter((event): event is EmotionFinal => event.type === 'emotion.final'));
        if (until !== undefined && untilMs >= until) break;
      }
      open.close();
      const listeners = heard.map(({ vad, memory }) => ({ vad: Float32Array.from(vad), memory }));
      return { events, resume: { untilMs, lastSeq, listeners } };
    };
    const whole = await run();
    const half = await run(15_000);
    const open = await openRecordings([{ sound: { path } }], { model: TINY_MODEL });
    const participants = [{ participantId: 'maya' }, { participantId: 'callum' }];
    const rest: EmotionFinal[] = [];
    for await (const { events } of open.run({ roomId: 'call', participants, resume: half.resume })) {
      rest.push(...events.filter((event): event is EmotionFinal => event.type === 'emotion.final'));
    }
    open.close();
    assert.ok(half.events.length > 0 && rest.length > 0);
    const lasting = (finals: EmotionFinal[]) =>
      finals.map(({ timing, ...final }) => ({ ...final, batch: timing.batch }));
    assert.deepEqual(lasting([...half.events, ...rest]), lasting(whole.events));
  });

  test('a container without sound, and one that is damaged, are told', async () => {
    const silent = join(folder, 'silent.mkv');
    await writeContainer(silent, [media('maya.ivf')]);
    const damaged = join(folder, 'damaged.mp4');
    await writeFile(damaged, Buffer.concat([Buffer.from('\0\0\0\x18ftypisom', 'latin1'), Buffer.alloc(500, 7)]));
    await assert.rejects(openRecordings([{ sound: { path: silent } }], { model: TINY_MODEL }), /holds no sound/);
    await assert.rejects(openRecordings([{ sound: { path: damaged } }], { model: TINY_MODEL }), RecordingError);
  });
});

test(
  'where node-av is not installed it is said what to do',
  { skip: !WITHOUT_NODE_AV && 'node-av is installed' },
  async () => {
    const path = join(folder, 'any.mkv');
    await writeFile(path, Buffer.from('\x1a\x45\xdf\xa3 and so on', 'latin1'));
    await assert.rejects(
      openRecordings([{ sound: { path: media('maya.opus') } }, { sound: { path } }], { model: TINY_MODEL }),
      (error: RecordingError) => error.input === 1 && /npm install node-av.*WAV or Ogg Opus/.test(error.message),
    );
  },
);
