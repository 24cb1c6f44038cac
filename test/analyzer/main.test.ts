import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { AnalyzerOptions, ToAnalyzer } from '../../plugin/analyzer/protocol.ts';
import { transcriptOptions, utteranceOptions } from '../../plugin/options.ts';

const pathOf = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const options: AnalyzerOptions = {
  provider: 'cpu',
  modelDir: pathOf('test/fixtures/model-tiny'),
  detectorsDir: pathOf('models/detectors'),
  utterance: utteranceOptions.parse({}),
  transcript: transcriptOptions.parse({}),
  videoFps: 2,
  inferenceThreads: 1,
};

/** What it does when its host goes away while it starts. */
async function leftWhileStarting(given: AnalyzerOptions): Promise<number | null> {
  const child = fork(pathOf('plugin/analyzer/main.ts'), [], { serialization: 'advanced', execArgv: [] });
  const exit = once(child, 'exit');
  const init: ToAnalyzer = { type: 'init', options: given };
  await new Promise<void>((sent) => child.send(init, () => sent()));
  child.disconnect();
  const [code] = (await exit) as [number | null];
  return code;
}

test('an analyzer whose host goes away while it starts ends by itself', { timeout: 120_000 }, async () => {
  assert.equal(await leftWhileStarting(options), 0);
});

test('so does one that cannot start', { timeout: 120_000 }, async () => {
  assert.equal(await leftWhileStarting({ ...options, modelDir: pathOf('test/fixtures/no-such-model') }), 1);
});
