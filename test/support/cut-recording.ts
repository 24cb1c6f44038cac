import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeOggOpus } from '../../scripts/sample/ogg-writer.ts';
import { readIvf, readOggOpus, SAMPLE_MEDIA_DIR } from '../../server/sample/index.ts';

const IVF_HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 12;

/** Writes the beginning of the sample call into a folder, for tests that have no half minute; without cues that go on after it. */
export async function cutRecording(directory: string, durationMs: number): Promise<void> {
  const call = JSON.parse(await readFile(join(SAMPLE_MEDIA_DIR, 'call.json'), 'utf8')) as {
    speakers: { audio: string; video: string }[];
  };
  await writeFile(join(directory, 'call.json'), JSON.stringify({ ...call, durationMs }));
  for (const { audio, video } of call.speakers) {
    const ivf = await readFile(join(SAMPLE_MEDIA_DIR, video));
    const frames = readIvf(ivf).frames.filter(({ timeMs }) => timeMs < durationMs - 20);
    const bytes = frames.reduce((sum, { data }) => sum + FRAME_HEADER_BYTES + data.length, IVF_HEADER_BYTES);
    await writeFile(join(directory, video), ivf.subarray(0, bytes));
    const sound = readOggOpus(await readFile(join(SAMPLE_MEDIA_DIR, audio))).frames;
    const packets = sound.filter(({ timeMs }) => timeMs < durationMs - 40).map(({ packet }) => packet);
    await writeFile(join(directory, audio), writeOggOpus(packets, 312));
  }
  await copyFile(join(SAMPLE_MEDIA_DIR, 'call.vtt'), join(directory, 'whole.vtt'));
  const [header, ...cues] = (await readFile(join(SAMPLE_MEDIA_DIR, 'call.vtt'), 'utf8')).split('\n\n');
  const kept = cues.filter((cue) => endMs(cue) + 400 < durationMs);
  await writeFile(join(directory, 'call.vtt'), [header, ...kept, ''].join('\n\n'));
}

function endMs(cue: string): number {
  const [, hours, minutes, seconds] = /--> (\d+):(\d+):([\d.]+)/.exec(cue) ?? [];
  return (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
}
