/** What docs/transcripts.md shows is taken by the code that it is about. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { parseSegment, parseTranscript } from '../../plugin/transcript/index.ts';
import { checkConfig } from '../../server/config/check.ts';

const text = readFileSync(new URL('../../docs/transcripts.md', import.meta.url), 'utf8');
const blocks = [...text.matchAll(/```json\n([\s\S]*?)```/g)].map(([, block]) => block!);
const withField = (field: string) => blocks.filter((block) => field in (JSON.parse(block) as object));

test('every segment in the guide is one', () => {
  const segments = withField('segmentId');
  assert.equal(segments.length, 2);
  for (const segment of segments) assert.deepEqual(parseSegment(JSON.parse(segment)), JSON.parse(segment));
});

test('every transcript in the guide is read', () => {
  const formats = withField('segments').map((block) => {
    const { format, cues } = parseTranscript(block);
    assert.deepEqual([cues[0]!.text, cues[0]!.startMs, cues[0]!.endMs], ['We shipped it.', 500, 2000]);
    return format;
  });
  assert.deepEqual(formats, ['Whisper', 'Vexa']);
});

test('every configuration in the guide is allowed', () => {
  const configs = withField('analysis').map((block) => checkConfig(JSON.parse(block)));
  assert.deepEqual(
    configs.map(({ analysis }) => analysis.transcript.recogniser),
    ['sherpa-onnx', 'pocketsphinx'],
  );
});

test('no example of the guide is left without a test', () => {
  assert.equal(
    withField('segmentId').length + withField('segments').length + withField('analysis').length,
    blocks.length,
  );
});
