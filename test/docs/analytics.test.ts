/** What docs/analytics.md shows is what comes out. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';
import { THRESHOLDS } from '../../plugin/analytics/thresholds.ts';
import { meetingOf, of, reportOn } from '../analytics/support.ts';

const text = readFileSync(new URL('../../docs/analytics.md', import.meta.url), 'utf8');
const blocks = (language: string) =>
  [...text.matchAll(/```(\w+)\n([\s\S]*?)```/g)].filter(([, name]) => name === language).map(([, , block]) => block!);

interface Shown {
  who: string;
  from: number;
  to: number;
  joy: number;
}
const [utterances, wanted] = blocks('json').map((block) => JSON.parse(block) as unknown) as [Shown[], object];
const events = meetingOf(utterances.map(({ joy, ...rest }) => ({ ...rest, labels: { joy, neutral: 1 - joy } })));

test('the example comes to what the guide says', async () => {
  const { talk, interplay } = of(await reportOn(events), 'ada');
  assert.deepEqual({ talk, interplay }, wanted);
});

test('the program in the guide runs and prints the talk of one', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'undertone-docs-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'events.jsonl'), events.map((event) => JSON.stringify(event)).join('\n'));
  const library = new URL('../../plugin/index.ts', import.meta.url).href;
  writeFileSync(join(folder, 'example.mts'), blocks('ts')[0]!.replace("'undertone'", JSON.stringify(library)));
  const { stdout } = await promisify(execFile)(process.execPath, ['example.mts'], { cwd: folder });
  assert.match(stdout, /talkMs: 30100/);
});

test('the thresholds in the guide are those in force', () => {
  const { turnPauseMs, backChannelMs, backChannelWordsMs, heldMs, overlapMs, yieldMs, responseMs } = THRESHOLDS;
  const seconds = [turnPauseMs, backChannelMs, backChannelWordsMs, responseMs, heldMs, overlapMs, yieldMs].map(
    (ms) => ms / 1000,
  );
  assert.deepEqual(seconds, [1.5, 1, 2, 10, 0.5, 0.3, 3]);
  const { seriesResults, seriesPoints, segmentResults, slopeBins, trendBins, roomResults } = THRESHOLDS;
  assert.deepEqual(
    [seriesResults, seriesPoints, segmentResults, slopeBins, trendBins, roomResults],
    [20, 500, 5, 6, 48, 5],
  );
  const said = [
    'pauses of at most 1.5 s',
    'takes at most 1 s, or at most 2 s',
    'at most 10 s',
    'spoken for 0.5 s, speaks on for 0.3 to 3 s',
    'one after the other, 20 at least; above 500',
    'has 5 results or more',
    'at most 48',
    'from 6 bins on',
    '5 clear results each',
  ];
  for (const one of said) assert.ok(text.replaceAll(/\s+/g, ' ').includes(one), one);
});
