import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EvaluationError } from '../../server/evaluation/index.ts';
import { readItems } from '../../server/evaluation/items/read-items.ts';
import { hasSeveralLabels, truthOf, type AllowedLabels } from '../../server/evaluation/items/truth.ts';

const items = (...lines: string[]) => readItems(Buffer.from(lines.join('\n')));

test('columns come in any order, blank cells are no modality, other columns are passed over', () => {
  assert.deepEqual(items('label,speaker,text,audio,image', 'joy,ada,so good,,', 'fear,ben,,a.wav,b.png'), [
    { row: 1, line: 2, label: 'joy', text: 'so good' },
    { row: 2, line: 3, label: 'fear', audio: 'a.wav', image: 'b.png' },
  ]);
});

test('what spreadsheets write is read: byte order mark, CRLF, quotes, line breaks in cells, blank lines', () => {
  const file = '\ufeffText,Label\r\n"well, ""yes""",joy\r\n"two\nlines",fear\r\n\r\nlast,joy\r\n';
  assert.deepEqual(readItems(Buffer.from(file)), [
    { row: 1, line: 2, label: 'joy', text: 'well, "yes"' },
    { row: 2, line: 3, label: 'fear', text: 'two\nlines' },
    { row: 3, line: 6, label: 'joy', text: 'last' },
  ]);
});

test('a text that holds earlier turns stays as it is', () => {
  const [item] = items('text,label', 'I am [SEP] How are you?,joy');
  assert.equal(item!.text, 'I am [SEP] How are you?');
});

test('among items of text alone a blank row is an utterance without words', () => {
  const read = items('audio,image,text,label', ',,so,joy', ',,,fear');
  assert.deepEqual(
    read.map(({ text }) => text),
    ['so', ''],
  );
});

test('a limit takes the first rows', () => {
  assert.equal(readItems(Buffer.from('text,label\na,x\nb,x\nc,x\n'), 2).length, 2);
});

const WRONG: [name: string, file: string | Buffer, message: RegExp][] = [
  ['an empty file', '', /is empty: a header with the columns audio, image, text, label/],
  ['no rows', 'text,label\n', /a header and no rows/],
  ['no label column', 'text,emotion\na,b\n', /no column label; the header has "text", "emotion"/],
  ['no modality', 'words,label\na,b\n', /none of the columns audio, image, text; the header has "words", "label"/],
  ['a column twice', 'text,Text,label\na,b,c\n', /the column text is there twice/],
  ['a blank row', 'audio,image,text,label\na.wav,,,x\n, ,,y\n', /row 2 \(line 3\): audio, image, text are all blank/],
  ['nothing but blank rows', 'text,label\n ,x\n', /row 1 \(line 2\): audio, image, text are all blank/],
  ['too many fields', 'text,label\nso, yes,joy\n', /row 1 \(line 2\) has 3 fields where the header has 2/],
  ['an open quote', 'text,label\n"so,joy\n', /is not valid CSV: .*line 2/],
  ['another encoding', Buffer.from([0x74, 0xe9, 0x2c]), /is not UTF-8/],
];

for (const [name, file, message] of WRONG) {
  test(`one sentence says what is wrong: ${name}`, () => {
    assert.throws(
      () => readItems(Buffer.from(file)),
      (error: Error) => error instanceof EvaluationError && message.test(error.message),
    );
  });
}

const truth = (label: string, allowed: AllowedLabels) => truthOf({ row: 3, line: 4, text: 'a', label }, allowed);
const single: AllowedLabels = { names: ['joy', 'fear', 'not sure'], multi: false };
const multi: AllowedLabels = { ...single, multi: true };
const scale: AllowedLabels = { names: ['bad', 'neutral', 'good'], multi: false, values: [-1, 0, 1] };

test('a cell names a label, in whatever case', () => {
  assert.deepEqual(truth('fear', single), { labels: [1] });
  assert.deepEqual(truth('Not Sure', single), { labels: [2] });
});

test('a cell names several labels, one, or none', () => {
  assert.deepEqual(truth('not sure | joy|joy', multi), { labels: [0, 2] });
  assert.deepEqual(truth('fear', multi), { labels: [1] });
  assert.deepEqual(truth('', multi), { labels: [] });
  assert.ok(hasSeveralLabels(items('text,label', 'a,joy', 'b,joy|fear')));
  assert.ok(!hasSeveralLabels(items('text,label', 'a|b,joy')));
});

test('on a scale a cell is a label or a number, which counts as the label that it rounds to', () => {
  assert.deepEqual(truth('good', scale), { labels: [2], value: 1 });
  assert.deepEqual(truth('-0.6', scale), { labels: [0], value: -0.6 });
  assert.deepEqual(truth('0.5', scale), { labels: [1], value: 0.5 });
});

const UNKNOWN: [name: string, label: string, allowed: AllowedLabels, message: RegExp][] = [
  ['a label', 'joyy', single, /^row 3 \(line 4\), label "joyy": it is none of them; allowed are joy, fear, not sure$/],
  ['one of several', 'joy|grief', multi, /label "joy\|grief": "grief" is none of them; allowed are joy, fear/],
  ['an empty part', 'joy|', multi, /label "joy\|": a label is empty/],
  ['a blank cell', '', single, /label "": it is blank .*--label-kind multi/],
  ['a number without a scale', '1', single, /label "1": it is none of them/],
  [
    'a number beyond the scale',
    '1.2',
    scale,
    /label "1.2": .* allowed are bad, neutral, good and numbers from -1 to 1/,
  ],
  ['no number', 'goodish', scale, /label "goodish"/],
];

for (const [name, label, allowed, message] of UNKNOWN) {
  test(`what no label is, is refused with row, column, value and what is allowed: ${name}`, () => {
    assert.throws(
      () => truth(label, allowed),
      (error: Error) => error instanceof EvaluationError && message.test(error.message),
    );
  });
}
