import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { WordPieceTokenizer } from '../../../plugin/analyzer/inference/tokenizer.ts';

const WORDS = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'un', '##want', '##ed', 'want', 'run', '##ning', ',', '!', '-', '$'];
const VOCAB = [...WORDS, 'naive', 'o', 'σ', '中', '文', 'it', "'", 's', '##s', '“', '…', 'a', '##a'];
const tokenizer = new WordPieceTokenizer(VOCAB.join('\n'), 16);

function pieces(text: string): string[] {
  return [...tokenizer.encode(text).ids].slice(1, -1).map((id) => VOCAB[id]!);
}

test('words are split into the longest pieces first', () => {
  assert.deepEqual(pieces('unwanted running'), ['un', '##want', '##ed', 'run', '##ning']);
});

test('a word with a piece that is not in the vocabulary is unknown as a whole', () => {
  assert.deepEqual(pieces('wantedx want'), ['[UNK]', 'want']);
});

test('case and accents are folded, also where they are written as marks of their own', () => {
  assert.deepEqual(pieces('NAÏVE nai\u0308ve Ö'), ['naive', 'naive', 'o']);
});

test('a capital sigma at the end of a word does not become the final form', () => {
  assert.deepEqual(pieces('Σ'), ['σ']);
});

test('punctuation stands alone, with ASCII symbols and typographic signs', () => {
  assert.deepEqual(pieces("run-run, $it's!“…"), ['run', '-', 'run', ',', '$', 'it', "'", 's', '!', '“', '…']);
});

test('CJK ideographs stand alone', () => {
  assert.deepEqual(pieces('run中文run'), ['run', '中', '文', 'run']);
});

test('control and format characters vanish and every kind of space separates', () => {
  assert.deepEqual(pieces('r\u0000u\u200bn\u00adrun\ufffd'), ['[UNK]']);
  assert.deepEqual(pieces('w\u200bant\u0007'), ['want']);
  assert.deepEqual(pieces('want\u00a0run\u3000it\tit\nit\u2028it'), ['want', 'run', 'it', 'it', 'it', 'it']);
});

test('a word of more than 100 characters is unknown', () => {
  assert.deepEqual(pieces('a'.repeat(101)), ['[UNK]']);
  assert.equal(pieces('a'.repeat(100)).length, 14);
});

test('a text that is too long keeps its beginning and says so', () => {
  const { ids, truncated } = tokenizer.encode('want '.repeat(15));
  assert.equal(truncated, true);
  assert.deepEqual([ids.length, ids[0], ids.at(-1)], [16, 2, 3]);
  assert.equal(tokenizer.encode('want '.repeat(14)).truncated, false);
});

test('special tokens written out in a text are taken for themselves, as the reference does', () => {
  assert.deepEqual(pieces('want[SEP]run [sep]'), ['want', '[SEP]', 'run', '[UNK]', '[UNK]', '[UNK]']);
});

test('any string at all gives a bounded sequence of known ids', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      const { ids } = tokenizer.encode(text);
      assert.ok(ids.length >= 2 && ids.length <= 16);
      assert.ok(ids.every((id) => id >= 0 && id < VOCAB.length));
    }),
    { numRuns: 2000 },
  );
  assert.doesNotThrow(() => tokenizer.encode('\ud800 \udfff x'));
});

test('a vocabulary without the special tokens is refused by name', () => {
  assert.throws(() => new WordPieceTokenizer('a\nb', 16), /no \[UNK\]/);
});
