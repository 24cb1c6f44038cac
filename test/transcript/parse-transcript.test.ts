import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import {
  fileSource,
  MAX_SEGMENT_CHARACTERS,
  MAX_SEGMENT_WORDS,
  parseSegment,
  parseTranscript,
  TranscriptFileError,
} from '../../plugin/transcript/index.ts';
import { readTranscript, TRANSCRIPT_FILES, type TranscriptFileName } from './fixtures.ts';

const WORDS = [
  { text: 'We', startMs: 500, endMs: 900 },
  { text: 'shipped', startMs: 900, endMs: 1400 },
  { text: 'it.', startMs: 1400, endMs: 2000 },
];

interface Expected {
  format: string;
  voices: (string | undefined)[];
  /** Whether the first cue has the times of its words. */
  timed: boolean;
  lang?: string;
}

const expected: Partial<Record<TranscriptFileName, Expected>> = {
  'talk.vtt': { format: 'WebVTT', voices: ['Ada', 'Bob'], timed: true },
  'talk.srt': { format: 'SRT', voices: [undefined, undefined], timed: false },
  'whisper.json': { format: 'Whisper', voices: [undefined, undefined], timed: true, lang: 'en' },
  'whisperx.json': { format: 'Whisper', voices: ['SPEAKER_00', 'SPEAKER_01'], timed: true },
  'faster-whisper.json': { format: 'Whisper', voices: [undefined, undefined], timed: false },
  'whisper-cpp.json': { format: 'whisper.cpp', voices: [undefined, undefined], timed: true, lang: 'en' },
  'vexa.json': { format: 'Vexa', voices: ['Ada', 'Bob'], timed: true, lang: 'en' },
  'deepgram.json': { format: 'Deepgram', voices: ['0', '1'], timed: true, lang: 'en' },
  'deepgram-utterances.json': { format: 'Deepgram', voices: ['channel 0', 'channel 1'], timed: true },
  'amazon-transcribe.json': { format: 'Amazon Transcribe', voices: ['spk_0', 'spk_1'], timed: true },
};

for (const [name, { format, voices, timed, lang }] of Object.entries(expected)) {
  test(`parseTranscript knows ${name} by its content and reads who says what when`, () => {
    const file = parseTranscript(readTranscript(name as TranscriptFileName));
    assert.equal(file.format, format);
    assert.deepEqual(
      file.cues.map(({ text, startMs, endMs, speaker }) => [text, startMs, endMs, speaker]),
      [
        ['We shipped it.', 500, 2000, voices[0]],
        ['At last!', 2600, 3400, voices[1]],
      ],
    );
    assert.deepEqual(file.cues[0]!.words, timed ? WORDS : undefined);
    assert.equal(file.cues[0]!.lang, lang);
  });
}

test('parseTranscript makes cues of bare words, a new one after a second of silence', () => {
  const { format, cues } = parseTranscript(readTranscript('openai-verbose.json'));
  assert.equal(format, 'Whisper');
  assert.deepEqual(
    cues.map(({ text, startMs, endMs, lang }) => [text, startMs, endMs, lang]),
    [
      ['We shipped it', 500, 2000, undefined],
      ['At last', 3100, 3400, undefined],
    ],
  );
});

test('parseTranscript reads the frames of a live source as JSON Lines: interim ones are replaced by their final', () => {
  const { cues } = parseTranscript(readTranscript('vexa.jsonl'));
  assert.deepEqual(
    cues.map(({ id, text, speaker, final = true }) => [id, text, speaker, final]),
    [
      ['s:1', 'We shipped', 'Ada', false],
      ['s:1', 'We shipped it.', 'Ada', true],
      ['s:2', 'At last!', 'Bob', true],
    ],
  );
});

test('parseTranscript keeps what is not completed as interim', () => {
  assert.deepEqual(
    parseTranscript(readTranscript('vexa.json')).cues.map(({ final = true }) => final),
    [true, false],
  );
});

test('parseTranscript gives voices to the words of channels in Amazon Transcribe', () => {
  const item = (content: string, start: string) => ({
    type: 'pronunciation',
    start_time: start,
    end_time: start,
    alternatives: [{ content }],
  });
  const items = [item('hello', '1.0'), item('hi', '1.5')];
  const channels = [
    { channel_label: 'ch_0', items: [items[0]] },
    { channel_label: 'ch_1', items: [items[1]] },
  ];
  const { cues } = parseTranscript(JSON.stringify({ results: { items, channel_labels: { channels } } }));
  assert.deepEqual(
    cues.map(({ text, speaker }) => [text, speaker]),
    [
      ['hello', 'ch_0'],
      ['hi', 'ch_1'],
    ],
  );
});

test('parseTranscript reads SRT as people write it', () => {
  const text = [
    '\uFEFF1',
    '0:0:1.5 --> 00:00:02,000  X1:0 Y1:0',
    '{\\an8}<font color="red">Hello</font> 3 < 4',
    '',
    'there',
    '2',
    '00:00:03,000 --> 00:00:04,000',
    '',
    '3',
    '00:00:05,000 --> 00:00:06,000',
    '42',
  ];
  const { format, cues } = parseTranscript(text.join('\r\n'));
  assert.equal(format, 'SRT');
  assert.deepEqual(cues, [
    { startMs: 1500, endMs: 2000, text: 'Hello 3 < 4 there' },
    { startMs: 5000, endMs: 6000, text: '42' },
  ]);
});

/** The file with the value at a path replaced, or taken out. */
function changed(name: TranscriptFileName, path: string, by: unknown): string {
  const file = JSON.parse(readTranscript(name)) as unknown;
  const keys = path.split('.');
  let node = file as Record<string, unknown>;
  for (const key of keys.slice(0, -1)) node = node[key] as Record<string, unknown>;
  if (by === undefined) delete node[keys.at(-1)!];
  else node[keys.at(-1)!] = by;
  return JSON.stringify(file);
}

const broken: [title: string, text: () => string, message: RegExp][] = [
  ['nothing', () => ' ', /^transcript: the file is empty: 'WEBVTT' \(WebVTT\)/],
  ['prose', () => 'Dear diary', /^transcript: the file begins with none of these: 'WEBVTT'.*Amazon Transcribe/],
  ['JSON that is cut off', () => readTranscript('whisper.json').slice(0, 300), /^JSON: the file cannot be parsed/],
  ['JSON of something else', () => '{"name":"undertone","version":1}', /has the fields name, version, which no known/],
  [
    'JSON whose names were said',
    () => '{"type":"x","we shipped":1}',
    /has the fields type and 1 of other names, which/,
  ],
  [
    'JSON of strange names',
    () => '{"shipped":1,"last":2}',
    /^JSON: the file has 2 fields of other names, which no known/,
  ],
  ['a list of numbers', () => '[1, 2]', /^JSON: the file holds a list, which no known transcript has/],
  ['a line of JSON Lines', () => '{"type":"transcript","pending":[]}\n{"type"', /^JSON line 2: cannot be parsed/],
  ['a bad time in SRT', () => '1\n00:00:01 --> 00:00:02,000\nx', /^SRT line 2: is no time line; write/],
  ['an SRT cue that runs backwards', () => '00:00:02,000 --> 00:00:01,000\nx', /^SRT line 1: .* before it starts/],
  [
    'a word of Whisper',
    () => changed('whisper.json', 'segments.0.words.2.start', 'soon'),
    /^Whisper JSON: segments\[0\]\.words\[2\]\.start is a string of 4 characters and must be a number of seconds\.$/,
  ],
  [
    'a segment of Whisper',
    () => changed('faster-whisper.json', '1.end', undefined),
    /^Whisper JSON: \[1\]\.end is missing and must be a number of seconds\.$/,
  ],
  [
    'an offset of whisper.cpp',
    () => changed('whisper-cpp.json', 'transcription.1.offsets.to', -1),
    /^whisper\.cpp JSON: transcription\[1\]\.offsets\.to is -1 and must not be negative\.$/,
  ],
  [
    'a segment of Vexa',
    () => changed('vexa.json', 'segments.1.completed', 'yes'),
    /^Vexa JSON: segments\[1\]\.completed is a string of 3 characters and must be true or false\.$/,
  ],
  [
    'the start of a segment of Vexa',
    () => changed('vexa.json', 'segments.1.start', undefined),
    /^Vexa JSON: segments\[1\]\.start is missing and must be a number of seconds\.$/,
  ],
  [
    'a word of Deepgram',
    () => changed('deepgram.json', 'results.channels.0.alternatives.0.words.0.end', undefined),
    /^Deepgram JSON: results\.channels\[0\]\.alternatives\[0\]\.words\[0\]\.end is missing and must be a number/,
  ],
  [
    'an item of Amazon Transcribe',
    () => changed('amazon-transcribe.json', 'results.items.1.start_time', 'x'),
    /^Amazon Transcribe JSON: results\.items\[1\]\.start_time is a string of 1 characters and must be a number/,
  ],
];
for (const [title, text, message] of broken) {
  test(`parseTranscript says what is wrong with ${title}`, () => {
    const file = text();
    assert.throws(() => parseTranscript(file), { name: 'TranscriptFileError', message });
  });
}

/** A JSON value with one of its parts replaced. */
function mutated(value: unknown, pick: number, by: unknown): unknown {
  const places: [object, string][] = [];
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const key of Object.keys(node)) {
      places.push([node, key]);
      walk((node as Record<string, unknown>)[key]);
    }
  };
  const copy = structuredClone(value);
  walk(copy);
  if (places.length === 0) return copy;
  const [node, key] = places[pick % places.length]!;
  if (by === undefined) delete (node as Record<string, unknown>)[key];
  else (node as Record<string, unknown>)[key] = by;
  return copy;
}

/** Whatever comes out can be pushed. */
async function assertSound(text: string): Promise<void> {
  let source;
  try {
    source = fileSource(text, { participantOf: () => 'ada', startMs: 0, paced: false });
  } catch (error) {
    assert.ok(error instanceof TranscriptFileError, String(error));
    for (const said of ['shipped', 'last']) assert.ok(!error.message.includes(said), error.message);
    return;
  }
  for await (const segment of source.segments(new AbortController().signal)) {
    parseSegment(segment);
    assert.notEqual(segment.text, '');
  }
}

test('parseTranscript answers any change to a JSON transcript with sound cues or a clear error', async () => {
  const files = TRANSCRIPT_FILES.filter((name) => name.endsWith('.json')).map(
    (name) => JSON.parse(readTranscript(name)) as unknown,
  );
  const change = fc.tuple(
    fc.nat(),
    fc.oneof(fc.constant(undefined), fc.jsonValue(), fc.double(), fc.constant('x'.repeat(2500))),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...files), fc.array(change, { minLength: 1, maxLength: 4 }), (file, changes) =>
      assertSound(JSON.stringify(changes.reduce((value, [pick, by]) => mutated(value, pick, by), file))),
    ),
    { numRuns: 3000 },
  );
});

test('parseTranscript answers any damage to the text of a file with sound cues or a clear error', async () => {
  const files = TRANSCRIPT_FILES.map(readTranscript);
  const damage = fc.record({
    at: fc.nat(4000),
    cut: fc.nat(40),
    insert: fc.oneof(fc.string(), fc.constantFrom(' --> ', '<', '{', '\n\n', '1e9')),
  });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...files), fc.array(damage, { maxLength: 6 }), (file, damages) =>
      assertSound(
        damages.reduce((text, { at, cut, insert }) => {
          const from = at % (text.length + 1);
          return text.slice(0, from) + insert + text.slice(from + cut);
        }, file),
      ),
    ),
    { numRuns: 3000 },
  );
});

test('parseTranscript cuts a cue that is longer than a segment may be, and loses nothing', () => {
  const many = Array.from({ length: 1200 }, (_, i) => `w${i}`);
  const words = many.map((word, i) => ({ word: ` ${word}`, start: i, end: i + 1 }));
  for (const segment of [
    { start: 0, end: 1200, text: many.join(' '), words },
    { start: 0, end: 1200, text: many.join(' ') },
    { start: 0, end: 10, text: 'x'.repeat(4500), words: [{ word: 'x'.repeat(4500), start: 0, end: 10 }] },
  ]) {
    const { cues } = parseTranscript(JSON.stringify({ segments: [segment] }));
    assert.ok(cues.length > 1);
    for (const [i, cue] of cues.entries()) {
      assert.ok(cue.text.length <= MAX_SEGMENT_CHARACTERS && (cue.words?.length ?? 0) <= MAX_SEGMENT_WORDS);
      if (i > 0) assert.ok(cue.startMs >= cues[i - 1]!.startMs);
    }
    assert.equal(cues.at(-1)!.endMs, segment.end * 1000);
    assert.equal(
      cues
        .map(({ text }) => text)
        .join(' ')
        .replaceAll(' ', ''),
      segment.text.replaceAll(' ', ''),
    );
  }
});

test('parseTranscript reads hostile text in no time', { timeout: 10_000 }, () => {
  for (const text of [
    '['.repeat(100_000),
    `1\n00:00:01,000 --> 00:00:02,000\n${'<a'.repeat(200_000)}`,
    ' '.repeat(1_000_000),
  ]) {
    try {
      parseTranscript(text);
    } catch (error) {
      assert.ok(error instanceof TranscriptFileError, String(error));
    }
  }
});
