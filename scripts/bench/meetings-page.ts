/** How smoothly the page of a past meeting follows its reader, for a meeting of 8 hours with 20 people. */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createServer } from '../../server/index.ts';
import type { BenchOptions } from '../bench.ts';
import { launchBrowser } from '../chromium/launch.ts';
import { keepMeeting } from './meetings-page/keepMeeting.ts';
import { measureFrames, type Frames } from './meetings-page/measureFrames.ts';
import { readerToken, SECRET } from './meetings-page/readerToken.ts';
import { round } from './shared/statistics.ts';

export const summary = 'frame times of the page of a past meeting: 8 hours, 20 people';
export const usage = `Usage: npm run bench -- meetings-page [--json] [-- --hours N --people N --width PX --height PX]`;

interface Row extends Frames {
  what: string;
  load: number;
}

/** In the page: one step of a gesture a frame. `steps` is how many there are, `at` and `share` run from 0 to 1. */
const GESTURES: Record<string, { query: string; before?: string; step: string }> = {
  'scrub the whole meeting': { query: '', before: 'press(0)', step: 'drag(share)' },
  'scrub ten minutes': { query: '?from=3600000&to=4200000&t=3700000', before: 'press(0)', step: 'drag(share)' },
  'zoom from all to a minute and back': { query: '', step: 'wheel(share < 0.5 ? -40 : 40)' },
  'move along an hour that is shown': { query: '?from=0&to=3600000&t=0', step: 'sideways(share < 0.5 ? 12 : -12)' },
  'move along ten minutes, utterance by utterance': {
    query: '?from=3600000&to=4200000&t=3700000',
    step: 'sideways(share < 0.5 ? 12 : -12)',
  },
  'play two minutes, 1×': { query: '?from=3600000&to=3720000&t=3601000', before: 'play(1)', step: '' },
  'play all of it, 32×': { query: '?t=3600000', before: 'play(32)', step: '' },
};

export async function run({ progress, args }: BenchOptions): Promise<Row[]> {
  const { values } = parseArgs({
    args: args.filter((arg) => arg !== '--'),
    options: {
      hours: { type: 'string', default: '8' },
      people: { type: 'string', default: '20' },
      width: { type: 'string', default: '1920' },
      height: { type: 'string', default: '1080' },
    },
  });
  const folder = mkdtempSync(path.join(tmpdir(), 'undertone-bench-page-'));
  const server = await createServer({
    port: 0,
    workers: 1,
    logLevel: 'silent',
    tokenSecret: SECRET,
    visibility: 'room',
    storage: 'events+transcript',
    limits: { readsPerMinute: 1_000, reportsPerMinute: 60 },
    store: { file: path.join(folder, 'meetings.db') },
  });
  const browser = await launchBrowser();
  try {
    await server.listen();
    progress(`making a meeting: ${values.hours} h, ${values.people} people`);
    const shape = { people: Number(values.people), hours: Number(values.hours), atOnce: 2, seed: 1 };
    const meetingId = await keepMeeting(server.meetings!.store, shape);
    const token = await readerToken();
    const viewport = { width: Number(values.width), height: Number(values.height) };
    const rows: Row[] = [];
    for (const [what, gesture] of Object.entries(GESTURES)) {
      progress(what);
      const page = await browser.newPage({ viewport });
      await page.addInitScript(`sessionStorage.setItem('undertone.meetings.token', ${JSON.stringify(token)})`);
      const startMs = performance.now();
      await page.goto(`${server.url}/meetings/${meetingId}${gesture.query}`);
      await page.getByTestId('moment-line').first().waitFor();
      await page.getByTestId('meeting-report').waitFor();
      progress(`  open with its report after ${Math.round(performance.now() - startMs)} ms`);
      const load = round(loadavg()[0]!, 1);
      rows.push({ what, ...(await measureFrames(page, gesture)), load });
      await page.close();
    }
    return rows;
  } finally {
    await browser.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
