/**
 * BERT's uncased WordPiece, as BertNormalizer, BertPreTokenizer and WordPiece of Hugging Face tokenizers do it:
 * Devlin et al., "BERT: Pre-training of Deep Bidirectional Transformers", 2019 (arXiv 1810.04805), appendix A; greedy
 * longest match first from Wu et al. 2016 (arXiv 1609.08144).
 */

const MAX_WORD_CHARS = 100;
/** No utterance comes near it; it bounds the work that one request can cause. */
const MAX_TEXT_CHARS = 100_000;

const CONTROL = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\uFFFD]/u;
/** The reference takes these, written out in a text, for the tokens themselves. */
const SPECIAL = /(\[(?:CLS|SEP|PAD|UNK|MASK)\])/;
const TEXT_CONTROLS = new Set(['\t', '\n', '\r']);
const SPACE = /\p{White_Space}/u;
const ACCENTS = /\p{Mn}/gu;
// ASCII symbols such as $ + < ^ are no punctuation to Unicode, yet they are to BERT.
const PUNCTUATION = /[!-/:-@[-`{-~\p{P}]/u;

export interface Encoding {
  /** [CLS], word pieces, [SEP]. */
  readonly ids: Int32Array;
  /** True where the text was longer than `maxTokens`. */
  readonly truncated: boolean;
}

export class WordPieceTokenizer {
  readonly #vocab = new Map<string, number>();
  readonly #maxTokens: number;
  readonly #unknown: number;
  readonly #start: number;
  readonly #end: number;

  /**
   * @param vocab one token a line, the line number being the id
   * @param maxTokens longest encoding, [CLS] and [SEP] included
   */
  constructor(vocab: string, maxTokens: number) {
    vocab.split('\n').forEach((line, id) => {
      const token = line.endsWith('\r') ? line.slice(0, -1) : line;
      if (token !== '') this.#vocab.set(token, id);
    });
    this.#maxTokens = maxTokens;
    this.#unknown = this.#special('[UNK]');
    this.#start = this.#special('[CLS]');
    this.#end = this.#special('[SEP]');
  }

  encode(text: string): Encoding {
    const room = this.#maxTokens - 2;
    const pieces: number[] = [];
    for (const [index, part] of text.slice(0, MAX_TEXT_CHARS).split(SPECIAL).entries()) {
      // Splitting by a group leaves the special tokens at the odd places.
      if (index % 2 === 1) pieces.push(this.#vocab.get(part) ?? this.#unknown);
      else this.#appendWords(part, pieces, room);
      if (pieces.length > room) break;
    }
    const ids = Int32Array.of(this.#start, ...pieces.slice(0, room), this.#end);
    return { ids, truncated: pieces.length > room };
  }

  #appendWords(text: string, out: number[], room: number): void {
    for (const word of words(normalize(text))) {
      this.#appendPieces(word, out);
      if (out.length > room) return;
    }
  }

  #appendPieces(word: string, out: number[]): void {
    const chars = [...word];
    const from = out.length;
    let start = 0;
    while (start < chars.length && chars.length <= MAX_WORD_CHARS) {
      let end = chars.length;
      let id: number | undefined;
      for (; end > start; end--) {
        id = this.#vocab.get((start > 0 ? '##' : '') + chars.slice(start, end).join(''));
        if (id !== undefined) break;
      }
      if (id === undefined) break;
      out.push(id);
      start = end;
    }
    if (start < chars.length) {
      // One piece that is not in the vocabulary makes the whole word unknown.
      out.length = from;
      out.push(this.#unknown);
    }
  }

  #special(token: string): number {
    const id = this.#vocab.get(token);
    if (id === undefined) throw new Error(`the vocabulary has no ${token}; it is not a BERT vocabulary`);
    return id;
  }
}

function normalize(text: string): string {
  let clean = '';
  for (const char of text) {
    if (CONTROL.test(char)) clean += TEXT_CONTROLS.has(char) ? ' ' : '';
    else if (SPACE.test(char)) clean += ' ';
    else if (isCjk(char.codePointAt(0)!)) clean += ` ${char} `;
    else clean += char;
  }
  let lower = '';
  // Code point by code point: a whole string would turn the Greek sigma at a word's end into its final form.
  for (const char of clean.normalize('NFD').replace(ACCENTS, '')) lower += char.toLowerCase();
  return lower;
}

function* words(text: string): Generator<string> {
  let word = '';
  for (const char of text) {
    const space = SPACE.test(char);
    const punctuation = !space && PUNCTUATION.test(char);
    if (!space && !punctuation) {
      word += char;
      continue;
    }
    if (word !== '') yield word;
    word = '';
    if (punctuation) yield char;
  }
  if (word !== '') yield word;
}

/** The blocks that BERT sets off by spaces: CJK ideographs, not kana or hangul. */
const CJK_BLOCKS: readonly (readonly [number, number])[] = [
  [0x4e00, 0x9fff],
  [0x3400, 0x4dbf],
  [0x20000, 0x2a6df],
  [0x2a700, 0x2b73f],
  [0x2b740, 0x2b81f],
  // Unicode's block begins at 0x2b820; the tokenizer that the weights were trained with begins here.
  [0x2b920, 0x2ceaf],
  [0xf900, 0xfaff],
  [0x2f800, 0x2fa1f],
];

function isCjk(codePoint: number): boolean {
  return CJK_BLOCKS.some(([first, last]) => codePoint >= first && codePoint <= last);
}
