import { createWriteStream } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { decodeOggOpus } from '../../../plugin/analyzer/media/index.ts';
import { readRecording, SAMPLE_MEDIA_DIR } from '../../../server/sample/index.ts';

const RATE = 16_000;
const HEADER_BYTES = 44;
/** Of each speaker: who of the sample call it is, and how much later, so that not all loops talk in step. */
const SPEAKERS = [
  { id: 'maya', name: 'Maya', shiftMs: 0 },
  { id: 'callum', name: 'Callum', shiftMs: 0 },
  { id: 'ellis', name: 'Ellis', shiftMs: 0 },
  { id: 'maya', name: 'Nora', shiftMs: 11_000 },
];

/**
 * Writes a meeting of the sample call's speakers, over and over: a folder with sound (and video), and a transcript.
 *
 * @returns the transcript
 */
export async function writeMeeting(
  folder: string,
  transcript: string,
  lengthMs: number,
  video: boolean,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const call = await readRecording();
  const cues: { startMs: number; text: string }[] = [];
  for (const { id, name, shiftMs } of SPEAKERS) {
    const speaker = call.speakers.find((one) => one.id === id)!;
    const sound = await decodeOggOpus(await readFile(join(SAMPLE_MEDIA_DIR, `${id}.opus`)));
    await pipeline(Readable.from(wav(sound, lengthMs, shiftMs)), createWriteStream(join(folder, `${name}.wav`)));
    const loopMs = (sound.length / RATE) * 1000;
    const own = call.cues.filter((cue) => cue.speaker === speaker.displayName);
    for (let fromMs = shiftMs; fromMs + loopMs < lengthMs; fromMs += loopMs) {
      for (const { startMs, endMs, text } of own) {
        const time = `${stamp(startMs + fromMs)} --> ${stamp(endMs + fromMs)}`;
        cues.push({ startMs: startMs + fromMs, text: `${time}\n<v ${name}>${text}\n` });
      }
    }
    if (!video) continue;
    const ivf = await readFile(join(SAMPLE_MEDIA_DIR, `${id}.ivf`));
    await pipeline(
      Readable.from(loopedIvf(ivf, speaker.video.frames, lengthMs)),
      createWriteStream(join(folder, `${name}.ivf`)),
    );
  }
  cues.sort((a, b) => a.startMs - b.startMs);
  await writeFile(transcript, ['WEBVTT\n', ...cues.map(({ text }) => text)].join('\n'));
}

function* wav(sound: Float32Array, lengthMs: number, shiftMs: number): Generator<Buffer> {
  const total = Math.round((lengthMs * RATE) / 1000);
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(HEADER_BYTES - 8 + total * 2, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(RATE, 24);
  header.writeUInt32LE(RATE * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(total * 2, 40);
  yield header;
  const loop = Buffer.alloc(sound.length * 2);
  for (let i = 0; i < sound.length; i += 1)
    loop.writeInt16LE(Math.round(Math.max(-1, Math.min(1, sound[i]!)) * 32_767), i * 2);
  let left = total * 2;
  const silence = Math.min(left, Math.round((shiftMs * RATE) / 1000) * 2);
  yield Buffer.alloc(silence);
  for (left -= silence; left > 0; left -= loop.length) yield loop.subarray(0, left);
}

function* loopedIvf(
  file: Buffer,
  frames: readonly { timeMs: number; data: Uint8Array }[],
  lengthMs: number,
): Generator<Buffer> {
  const header = Buffer.from(file.subarray(0, 32));
  // In milliseconds.
  header.writeUInt32LE(1_000, 16);
  header.writeUInt32LE(1, 20);
  yield header;
  const loopMs = frames.at(-1)!.timeMs + 67;
  for (let fromMs = 0; fromMs < lengthMs; fromMs += loopMs) {
    for (const { timeMs, data } of frames) {
      if (fromMs + timeMs >= lengthMs) return;
      const head = Buffer.alloc(12);
      head.writeUInt32LE(data.length, 0);
      head.writeBigUInt64LE(BigInt(Math.round(fromMs + timeMs)), 4);
      yield Buffer.concat([head, data]);
    }
  }
}

function stamp(ms: number): string {
  return new Date(Math.round(ms)).toISOString().slice(11, 23);
}
