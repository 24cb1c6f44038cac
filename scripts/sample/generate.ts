/**
 * Makes server/sample/media/: voices, faces, captions and the list of them. See README.md beside this file.
 *
 * node scripts/sample/generate.ts --assets DIR [--out DIR] [--precision PIXELS] [--speakers maya,callum]
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { encodeTrack, mixTrack } from './audio.ts';
import { openBrowser } from './browser.ts';
import { displayNames, speakerIds, title, type SpeakerId } from './script.ts';
import { makeTimeline, toWebVtt } from './timeline.ts';
import { drawVideo } from './video.ts';

const { values } = parseArgs({
  options: {
    assets: { type: 'string' },
    out: { type: 'string', default: join(import.meta.dirname, '../../server/sample/media') },
    precision: { type: 'string', default: '0.5' },
    speakers: { type: 'string', default: speakerIds.join(',') },
  },
});
if (!values.assets) throw new Error('say where the face assets are: --assets DIR (see scripts/sample/README.md)');
const assets = values.assets;
const drawn = values.speakers.split(',').map((name): SpeakerId => {
  const id = speakerIds.find((known) => known === name);
  if (!id) throw new Error(`--speakers has "${name}"; there are ${speakerIds.join(', ')}`);
  return id;
});

const scratch = await mkdtemp(join(tmpdir(), 'sample-call-'));
const browser = await openBrowser();
try {
  await mkdir(values.out, { recursive: true });
  const timeline = await makeTimeline(scratch);
  await writeFile(join(values.out, 'call.vtt'), toWebVtt(timeline));
  for (const id of speakerIds) {
    const lines = timeline.lines.filter(({ speaker }) => speaker === id);
    await encodeTrack(await mixTrack(lines, timeline.durationMs), join(values.out, `${id}.opus`));
  }
  const speakers = speakerIds.map((id) => ({
    id,
    displayName: displayNames[id],
    video: `${id}.ivf`,
    audio: `${id}.opus`,
    portrait: 'drawn for this project on the MakeHuman base mesh (CC0 1.0); nobody in particular',
  }));
  const call = { title, durationMs: timeline.durationMs, lang: 'en', transcript: 'call.vtt', speakers };
  await writeFile(join(values.out, 'call.json'), `${JSON.stringify(call, null, 2)}\n`);
  for (const id of drawn) {
    await drawVideo(browser, id, timeline, join(values.out, `${id}.ivf`), {
      assets,
      precision: Number(values.precision),
      onFrame: (done, total) => {
        if (done % 15 === 0 || done === total) process.stderr.write(`\r${id}: ${done} of ${total} frames `);
      },
    });
    process.stderr.write('\n');
  }
} finally {
  await browser.close();
  await rm(scratch, { recursive: true });
}
