import type { Modality, ModalityReason, Span, Transcript } from '../../events/contract/v1/types.ts';
import { AudioChunks } from './audio-chunks.ts';
import { FRAME_MS } from './audio-frames.ts';
import { describeModalities, type EncodedParts } from './describe-modalities.ts';
import type { Encoding, Pending } from './encoding.ts';
import type { FaceSelection } from './face-shelf.ts';
import { renderTurns } from './render-text.ts';
import type { CloseEvent, SoundEvent, TextEvent, UtteranceText } from './StageTypes.ts';
import type { Utterance } from './UtteranceTypes.ts';

/** Sound of an utterance is kept up to so many chunks, the newest. */
const MAX_CHUNKS = 12;
/** Texts of which the tokens are kept: the final one, and the one with interim words. */
const KEPT_TEXTS = 2;
const MAX_TEXT = 10_000;
const MAX_WORDS = 2000;
const MAX_WORD = 200;

/** How each modality stands. */
export type ModalityStates = Record<Modality, { available: boolean; reason?: ModalityReason }>;

/** Starts the encodings of a draft. */
export interface DraftEncoder<A, T> {
  /** Samples of a full chunk. */
  readonly chunkSamples: number;
  audio(pcm: Float32Array<ArrayBuffer>): Encoding<A>;
  text(text: string): Encoding<T>;
  /** What the participant said before, latest first, as far as the text tower looks back. */
  turnsBefore(): readonly string[];
}

/** An utterance being put together: what has come of it so far, each part encoded or being so. */
export class UtteranceDraft<A, V, T> {
  readonly utteranceId: string;
  readonly #participantId: string;
  readonly #startMs: number;
  readonly #encoder: DraftEncoder<A, T>;
  readonly #chunks: AudioChunks;
  readonly #texts = new Map<string, Encoding<T>>();
  readonly #withdrawn = new Set<Modality>();
  #audio: Encoding<A>[] = [];
  /** Of the last, unfilled chunk, where it may be the end. */
  #tail: Encoding<A> | undefined;
  #sound = { speechMs: 0, soundMs: 0, concealedMs: 0, endMs: 0 };
  #words: TextEvent | undefined;
  #closed: { event: CloseEvent; faces: FaceSelection<V>; states: ModalityStates } | undefined;

  constructor(utteranceId: string, participantId: string, startMs: number, encoder: DraftEncoder<A, T>) {
    this.utteranceId = utteranceId;
    this.#participantId = participantId;
    this.#startMs = startMs;
    this.#encoder = encoder;
    this.#chunks = new AudioChunks(encoder.chunkSamples);
  }

  get isClosed(): boolean {
    return this.#closed !== undefined;
  }

  /** Consent for some of it was withdrawn. */
  get isCurtailed(): boolean {
    return this.#withdrawn.size > 0;
  }

  /** From its start to the last of it that is known. */
  get spanSoFar(): Span {
    const wordsEndMs = this.#words?.live?.words.at(-1)?.endMs ?? this.#startMs;
    return { startMs: this.#startMs, endMs: Math.max(this.#startMs, this.#sound.endMs || wordsEndMs) };
  }

  addSound({ pcm, speech, concealedMs, endMs }: SoundEvent): void {
    if (this.#withdrawn.has('audio')) return;
    this.#sound.soundMs += FRAME_MS;
    this.#sound.concealedMs += concealedMs;
    this.#sound.endMs = endMs;
    if (speech) this.#sound.speechMs += FRAME_MS;
    this.#dropTail();
    this.#keep(this.#encode(this.#chunks.push(pcm)));
  }

  /** The sound so far may be all of it: encodes the rest that does not fill a chunk, so that the close need not wait. */
  anticipateClose(): void {
    if (!this.#withdrawn.has('audio')) this.#tail ??= this.#encode(this.#chunks.peek());
  }

  setWords(words: TextEvent): void {
    if (this.#withdrawn.has('text')) return;
    this.#words = words;
    this.#encodingOf(words.final);
  }

  close(event: CloseEvent, faces: FaceSelection<V>, states: ModalityStates): void {
    this.anticipateClose();
    this.#chunks.flush();
    this.#keep(this.#tail);
    this.#tail = undefined;
    this.#closed = { event, faces: this.#withdrawn.has('video') ? noFaces : faces, states: structuredClone(states) };
  }

  /** Encodings that the final result has to wait for. */
  unsettled(): Pending[] {
    const faces = this.#closed?.faces.faces.map((face) => face.encoding) ?? [];
    const all: (Pending | null | undefined)[] = [...this.#audio, ...faces, this.#encodingOf(this.#words?.final)];
    return all.filter((encoding): encoding is Pending => !!encoding && !encoding.outcome);
  }

  /** The encoding of the words so far, interim ones too, which an interim result waits for. */
  encodeLiveWords(): Encoding<T> | undefined {
    return this.#encodingOf(this.#words?.live);
  }

  /** The participant has withdrawn consent: what there is of the modality is let go, and no more of it is taken. */
  withdraw(modality: Modality): void {
    this.#withdrawn.add(modality);
    if (modality === 'audio') {
      for (const encoding of this.#audio) encoding.cancel();
      this.#audio = [];
      this.#dropTail();
      this.#chunks.flush();
      this.#sound = { speechMs: 0, soundMs: 0, concealedMs: 0, endMs: this.#sound.endMs };
    } else if (modality === 'text') {
      for (const encoding of this.#texts.values()) encoding.cancel();
      this.#texts.clear();
      this.#words = undefined;
    } else if (this.#closed) {
      for (const { encoding } of this.#closed.faces.faces) encoding?.cancel();
      this.#closed.faces = noFaces;
    }
  }

  /** No result will be asked for. */
  cancel(): void {
    for (const encoding of [...this.#audio, ...this.#texts.values()]) encoding.cancel();
    this.#dropTail();
  }

  /** The closed utterance, of everything that was encoded. */
  composeFinal(): Utterance<A, V, T> {
    const { event, faces, states } = this.#closed!;
    const { span, trigger } = event;
    return { ...this.#compose(this.#words?.final ?? null, faces, states), span, trigger };
  }

  /** The utterance as far as it is encoded by now. */
  composeInterim(faces: FaceSelection<V>, states: ModalityStates): Utterance<A, V, T> {
    const composed = this.#compose(this.#words?.live ?? null, faces, states);
    return { ...composed, span: this.spanSoFar, trigger: 'interval' };
  }

  #compose(
    words: UtteranceText | null,
    { faces, samples, seen, usable }: FaceSelection<V>,
    states: ModalityStates,
  ): Omit<Utterance<A, V, T>, 'span' | 'trigger'> {
    const audio = collect(this.#audio, (encoding) => encoding);
    const video = collect(faces, (face) => face.encoding);
    const encodedWords = collect(words ? [words] : [], (text) => this.#encodingOf(text));
    const bestQuality = Math.max(0, ...faces.map((face) => face.quality));
    const late =
      this.#words?.awaitsWords === true && (this.#words.live?.words.length ?? 0) > (words?.words.length ?? 0);
    const modalities = describeModalities({
      state: this.#statesOf(states),
      audio: { ...audio.parts, ...this.#sound },
      video: { ...video.parts, samples, seen, usable, bestQuality },
      text: { ...encodedWords.parts, words: words?.words.length ?? 0, late },
    });
    return {
      utteranceId: this.utteranceId,
      participantId: this.#participantId,
      modalities,
      ...(words && { transcript: transcriptOf(words) }),
      ...(audio.tokens.length > 0 && { audio: audio.tokens.map(({ tokens }) => tokens) }),
      ...(video.tokens.length > 0 && {
        vision: video.tokens.map(({ of: { atMs, quality }, tokens }) => ({ atMs, quality, tokens })),
      }),
      ...(encodedWords.tokens[0] && { text: encodedWords.tokens[0].tokens }),
    };
  }

  #statesOf(states: ModalityStates): ModalityStates {
    const now = { ...states };
    for (const modality of this.#withdrawn) now[modality] = { available: false, reason: 'no-consent' };
    return now;
  }

  #encode(chunk: Float32Array<ArrayBuffer> | undefined): Encoding<A> | undefined {
    return chunk && this.#encoder.audio(chunk);
  }

  #keep(encoding: Encoding<A> | undefined): void {
    if (!encoding) return;
    this.#audio.push(encoding);
    if (this.#audio.length > MAX_CHUNKS) this.#audio.shift()?.cancel();
  }

  #dropTail(): void {
    this.#tail?.cancel();
    this.#tail = undefined;
  }

  #encodingOf(words: UtteranceText | null | undefined): Encoding<T> | undefined {
    const said = words?.text.trim().slice(0, MAX_TEXT);
    if (!said) return undefined;
    const text = renderTurns(said, this.#encoder.turnsBefore());
    const known = this.#texts.get(text);
    if (known) return known;
    const encoding = this.#encoder.text(text);
    this.#texts.set(text, encoding);
    if (this.#texts.size > KEPT_TEXTS) {
      const [oldest, stale] = this.#texts.entries().next().value!;
      stale.cancel();
      this.#texts.delete(oldest);
    }
    return encoding;
  }
}

const noFaces = { faces: [], samples: 0, seen: 0, usable: 0 };

interface Collected<P, X> {
  tokens: { of: P; tokens: X }[];
  parts: EncodedParts;
}

/** The tokens of those parts that have any by now. */
function collect<P, X>(parts: readonly P[], encodingOf: (part: P) => Encoding<X> | null | undefined): Collected<P, X> {
  const tokens: { of: P; tokens: X }[] = [];
  let failure: ModalityReason | undefined;
  for (const part of parts) {
    const outcome = encodingOf(part)?.outcome;
    if (outcome?.ok) tokens.push({ of: part, tokens: outcome.tokens });
    else if (outcome) failure = outcome.reason;
  }
  return { tokens, parts: { used: tokens.length, failure } };
}

/** Estimated times are not passed on as if they were known. */
function transcriptOf({ text, lang, words, exact }: UtteranceText): Transcript {
  const timed = words
    .slice(0, MAX_WORDS)
    .map((word) => ({ text: word.text.slice(0, MAX_WORD), startMs: word.startMs, endMs: word.endMs }));
  return {
    text: text.slice(0, MAX_TEXT),
    ...(lang !== undefined && { lang }),
    ...(exact && { words: timed }),
  };
}
