import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { parseVtt, VttError } from '../../plugin/transcript/index.ts';

test('parseVtt reads cues with and without hours, identifiers and settings', () => {
  const text = [
    'WEBVTT - a title',
    '',
    '1',
    '00:01.000 --> 00:02.500 align:start position:10%',
    'Good morning.',
    '',
    '01:00:00.000 --> 01:00:01.000',
    'Two',
    'lines.',
  ].join('\n');
  assert.deepEqual(parseVtt(text), [
    { startMs: 1000, endMs: 2500, text: 'Good morning.' },
    { startMs: 3_600_000, endMs: 3_601_000, text: 'Two lines.' },
  ]);
});

test('parseVtt reads voices, also several in a cue', () => {
  const text =
    'WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ada Lovelace>Hello</v> <v.loud Bob>Hi <i>there</i>\n\n00:03.000 --> 00:04.000\nnobody';
  assert.deepEqual(parseVtt(text), [
    { startMs: 1000, endMs: 2000, speaker: 'Ada Lovelace', text: 'Hello' },
    { startMs: 1000, endMs: 2000, speaker: 'Bob', text: 'Hi there' },
    { startMs: 3000, endMs: 4000, text: 'nobody' },
  ]);
});

test('parseVtt reads inline time stamps as words', () => {
  const text = 'WEBVTT\n\n00:01.000 --> 00:03.000\nSo <00:01.500><c>this</c> <00:02.000>is it';
  assert.deepEqual(parseVtt(text)[0], {
    startMs: 1000,
    endMs: 3000,
    text: 'So this is it',
    words: [
      { text: 'So', startMs: 1000, endMs: 1500 },
      { text: 'this', startMs: 1500, endMs: 2000 },
      { text: 'is it', startMs: 2000, endMs: 3000 },
    ],
  });
});

test('parseVtt keeps inline time stamps within their cue and in order', () => {
  const [cue] = parseVtt('WEBVTT\n\n00:01.000 --> 00:02.000\na <00:09.000>b <00:00.500>c');
  for (const { startMs, endMs } of cue!.words!) assert.ok(startMs >= 1000 && endMs <= 2000 && endMs >= startMs);
});

test('parseVtt decodes entities and leaves unknown ones', () => {
  const [cue] = parseVtt('WEBVTT\n\n00:01.000 --> 00:02.000\nR&amp;D &lt;3 &#233; &#x1F600; &bogus; AT&T');
  assert.equal(cue!.text, 'R&D <3 é 😀 &bogus; AT&T');
});

test('parseVtt skips comments, styles, regions and the header, with any line ends and a byte order mark', () => {
  const blocks = ['\uFEFFWEBVTT', 'Kind: captions', '', 'NOTE two', 'lines', '', 'STYLE', '::cue { color: red }', ''];
  const text = [...blocks, 'REGION', 'id:x', '', '00:01.000 --> 00:02.000', 'words', ''].join('\r\n');
  assert.deepEqual(parseVtt(text), [{ startMs: 1000, endMs: 2000, text: 'words' }]);
  assert.deepEqual(parseVtt(text.replaceAll('\r\n', '\r')), parseVtt(text));
});

test('parseVtt gives nothing for cues without text, and for a file without cues', () => {
  assert.deepEqual(parseVtt('WEBVTT\n\n00:01.000 --> 00:02.000\n\n00:02.000 --> 00:03.000\n<v Ada> '), []);
  assert.deepEqual(parseVtt('WEBVTT'), []);
});

const broken: [title: string, text: string, line: number, message: RegExp][] = [
  ['a file of another format', '1\n00:00:01,000 --> 00:00:02,000\nhi', 1, /begin with 'WEBVTT'.*SRT/],
  ['a time with a comma', 'WEBVTT\n\n00:00:01,000 --> 00:00:02.000\nhi', 3, /'00:00:01,000' is no time; write/],
  [
    'an identifier before a bad time',
    'WEBVTT\n\nintro\n00:01.000 --> soon\nhi',
    4,
    /a text of 4 characters is no time/,
  ],
  ['a missing end', 'WEBVTT\n\n00:01.000 -->\nhi', 3, /'' is no time/],
  ['a cue that ends before it starts', 'WEBVTT\n\n00:02.000 --> 00:01.000\nhi', 3, /ends \(00:01\.000\) before/],
  ['text without a time', 'WEBVTT\n\nhello\nthere\nyou', 3, /expected a time line/],
];
for (const [title, text, line, message] of broken) {
  test(`parseVtt names the line of ${title}`, () => {
    assert.throws(
      () => parseVtt(text),
      (error) => {
        assert.ok(error instanceof VttError);
        assert.equal(error.line, line);
        assert.match(error.message, message);
        assert.match(error.message, new RegExp(`^WebVTT line ${line}: `));
        return true;
      },
    );
  });
}

test('parseVtt answers any text with cues or a VttError', () => {
  const piece = fc.constantFrom(
    'WEBVTT',
    '\n',
    '\n\n',
    '00:01.000',
    ' --> ',
    '<v A>',
    '<',
    '>',
    '&amp;',
    'NOTE',
    'hi ',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 40 }), (pieces) => {
      try {
        for (const cue of parseVtt(`WEBVTT\n\n${pieces.join('')}`))
          assert.ok(cue.endMs >= cue.startMs && cue.text !== '');
      } catch (error) {
        assert.ok(error instanceof VttError, String(error));
      }
    }),
    { numRuns: 1000 },
  );
});

test('parseVtt reads a long unclosed tag in no time', () => {
  const startedMs = performance.now();
  parseVtt(`WEBVTT\n\n00:01.000 --> 00:02.000\n${'<'.repeat(200_000)}`);
  parseVtt(`WEBVTT\n\n00:01.000 --> 00:02.000\n${'&'.repeat(200_000)}`);
  assert.ok(performance.now() - startedMs < 2000);
});
