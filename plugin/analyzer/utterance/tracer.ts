import type { Modality } from '../../events/contract/v1/types.ts';
import {
  emptyBatch,
  type TraceBatch,
  type TraceModality,
  type TraceWindowEvent,
} from '../../events/trace/TraceTypes.ts';
import { rmsDbfs } from '../speech/index.ts';
import { FRAME_MS } from './audio-frames.ts';
import type { AlignedEvent, SpeechFrame, SpokenInput, TextEvent, TimedSegment, WindowEvent } from './StageTypes.ts';
import type { FaceInput, ModalityInput } from './UtteranceTypes.ts';

/** Two minutes of sound: whoever asks less often than that loses something, and is told. */
const MAX_FRAMES = 3750;
const MAX_ENTRIES = 1000;
const MAX_WORDS = 4000;
/** Frames this close to where the frame before ended follow it without a hole. */
const TOLERANCE_MS = 8;

/**
 * Notes what the operators of a pipeline do, as long as it is on. Off, it costs a comparison a frame. It listens behind
 * the gate of consent, so it never hears what the pipeline does not.
 */
export class Tracer {
  #batch: TraceBatch | undefined;
  #words = 0;
  #frames = 0;
  /** How far the data reach, and the sound alone. */
  #reachedMs = 0;
  #soundEndMs = 0;
  /** The run of speech that is going on, if it is. */
  #sinceMs: number | undefined;
  /** What was so before it was switched on. */
  #openWindow: Extract<TraceWindowEvent, { kind: 'open' }> | undefined;
  readonly #modalities = new Map<Modality, TraceModality>();

  get on(): boolean {
    return this.#batch !== undefined;
  }

  /** From here on everything is noted; what is open now comes first. */
  start(): void {
    if (this.#batch) return;
    this.#renew();
    this.#batch!.modalities.push(...this.#modalities.values());
    if (this.#openWindow) this.#batch!.windows.push(this.#openWindow);
  }

  stop(): void {
    this.#batch = undefined;
    this.#sinceMs = undefined;
  }

  /** What has come since it was last asked; undefined where that is nothing. */
  take(): TraceBatch | undefined {
    const batch = this.#batch;
    if (!batch) return undefined;
    if (this.#sinceMs !== undefined) batch.speech.push({ startMs: this.#sinceMs, endMs: this.#soundEndMs, open: true });
    const empty = Object.values(batch).every((part: unknown) => (Array.isArray(part) ? part.length === 0 : part === 0));
    if (empty) return undefined;
    this.#renew();
    return batch;
  }

  /** After `markSpeech`. */
  heard(input: SpokenInput): void {
    if (input.kind === 'modality') this.#modality(input);
    if (!this.#batch) return;
    if (input.kind === 'frame') this.#frame(this.#batch, input);
    else if (input.kind === 'audio.gap') {
      const { fromMs, toMs, reason } = input;
      this.#add(this.#batch.gaps, { fromMs, toMs, reason });
      if (reason === 'long-gap') this.#endSpeech(this.#batch, fromMs);
    } else if (input.kind === 'face') this.#face(this.#batch, input);
    else if (input.kind === 'tick') this.#reachedMs = Math.max(this.#reachedMs, input.atMs);
  }

  /** After `cutUtterances`. */
  cut(event: WindowEvent): void {
    switch (event.kind) {
      case 'open': {
        const { utteranceId, startMs, trigger } = event;
        this.#openWindow = { kind: 'open', utteranceId, startMs, trigger, atMs: Math.max(this.#reachedMs, startMs) };
        return this.#window(this.#openWindow);
      }
      case 'close': {
        this.#openWindow = undefined;
        const { utteranceId, span, trigger } = event;
        const atMs = Math.max(this.#reachedMs, span.endMs);
        return this.#window({ kind: 'close', utteranceId, span, trigger, atMs });
      }
      case 'discard':
        this.#openWindow = undefined;
        return this.#window({ kind: 'discard', utteranceId: event.utteranceId, atMs: this.#reachedMs });
      case 'segment':
        if (this.#batch) this.#segment(this.#batch, event);
        return;
      default:
        return;
    }
  }

  /** After `alignWords`. */
  aligned(event: AlignedEvent): void {
    if (this.#batch && event.kind === 'text') this.#text(this.#batch, event);
  }

  #renew(): void {
    this.#batch = emptyBatch();
    this.#words = 0;
    this.#frames = 0;
  }

  #frame(batch: TraceBatch, { startMs, endMs, pcm, p, concealedMs, speech, sinceMs }: SpeechFrame): void {
    this.#reachedMs = Math.max(this.#reachedMs, endMs);
    this.#soundEndMs = endMs;
    if (speech) this.#sinceMs = sinceMs;
    else this.#endSpeech(batch, startMs);
    this.#frames += 1;
    if (this.#frames > MAX_FRAMES) {
      batch.lost += 1;
      return;
    }
    let run = batch.frames.at(-1);
    if (!run || Math.abs(run.startMs + run.level.length * FRAME_MS - startMs) > TOLERANCE_MS) {
      run = { startMs, frameMs: FRAME_MS, level: [], speech: [], concealed: [] };
      batch.frames.push(run);
    }
    run.level.push(round(rmsDbfs(pcm), 1));
    run.speech.push(round(p, 3));
    run.concealed.push(round(Math.min(1, concealedMs / FRAME_MS), 2));
  }

  #endSpeech(batch: TraceBatch, atMs: number): void {
    if (this.#sinceMs === undefined) return;
    const startMs = this.#sinceMs;
    this.#sinceMs = undefined;
    this.#add(batch.speech, { startMs, endMs: Math.max(startMs, atMs), open: false });
  }

  #face(batch: TraceBatch, { atMs, face }: FaceInput): void {
    const quality = face && round(face.quality, 3);
    this.#add(batch.faces, { atMs, quality, reasons: face ? [...face.reasons] : [] });
  }

  #modality({ modality, available, reason }: ModalityInput): void {
    const entry: TraceModality = { atMs: this.#reachedMs, modality, available, ...(reason && { reason }) };
    this.#modalities.set(modality, entry);
    if (!this.#batch) return;
    if (modality === 'audio' && !available) this.#endSpeech(this.#batch, this.#soundEndMs);
    this.#add(this.#batch.modalities, entry);
  }

  #window(event: TraceWindowEvent): void {
    if (this.#batch) this.#add(this.#batch.windows, event);
  }

  #segment(batch: TraceBatch, { segmentId, final, exact, arrivalMs, words }: TimedSegment): void {
    if (!this.#roomFor(batch, words.length)) return;
    this.#add(batch.segments, { segmentId, final, exact, arrivalMs, words: words.map(plain) });
  }

  #text(batch: TraceBatch, { utteranceId, final, live }: TextEvent): void {
    const words = live?.words ?? [];
    if (!this.#roomFor(batch, words.length)) return;
    const settled = new Set(final?.words.map(keyOf));
    const marked = words.map((word) => ({ ...plain(word), final: settled.has(keyOf(word)) }));
    this.#add(batch.texts, { utteranceId, words: marked });
  }

  #roomFor(batch: TraceBatch, words: number): boolean {
    this.#words += words;
    if (this.#words <= MAX_WORDS) return true;
    batch.lost += 1;
    return false;
  }

  #add<T>(entries: T[], entry: T): void {
    if (entries.length < MAX_ENTRIES) entries.push(entry);
    else this.#batch!.lost += 1;
  }
}

interface Word {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

function plain({ text, startMs, endMs }: Word): Word {
  return { text, startMs, endMs };
}

function keyOf({ text, startMs }: Word): string {
  return `${startMs} ${text}`;
}

function round(value: number, digits: number): number {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
}
