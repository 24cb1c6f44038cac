import type { UtteranceOptions } from './UtteranceTypes.ts';
import type { Trigger } from '../../events/contract/v1/types.ts';
import { FRAME_MS, LONG_GAP_MS } from './audio-frames.ts';
import { SegmentLog } from './segment-log.ts';
import { SpokenWindow } from './spoken-window.ts';
import type { SpeechFrame, TimedInput, TimedSegment, WindowEvent } from './StageTypes.ts';
import type { AudioGapInput, ModalityInput } from './UtteranceTypes.ts';
import { WordedWindow } from './worded-window.ts';

export type CutOptions = Pick<UtteranceOptions, 'silenceMs' | 'maxMs' | 'minMs'>;

/** Sound from just before the onset that goes with the utterance; the soft start of a word is in it. */
const PRE_ROLL_MS = 200;
/** Words close an utterance only when the participant has been silent for so long. */
const WORDS_SILENCE_MS = 250;
/** Silence for so long may well be the end: what there is of the utterance is made ready. */
const LULL_MS = 200;
/** Sound that stays away for so long while time goes on has stopped. */
const STALLED_MS = 2000;
/** Words further ahead of time than this open nothing. */
const MAX_AHEAD_MS = 10_000;
const RING_FRAMES = 16;
const KEEP_SEGMENTS_MS = 30_000;

/** Why sound ended, as the reason to close. */
const triggerOf: Partial<Record<string, Trigger>> = { muted: 'mute', 'no-consent': 'consent' };

/** The windows of one participant: at most one is open at a time, and none begins before the one before has ended. */
export class UtteranceCutter {
  readonly #options: CutOptions;
  readonly #newId: () => string;
  readonly #emit: (event: WindowEvent) => void;
  readonly #log = new SegmentLog();
  /** Frames outside any utterance, for the pre-roll and the onset. */
  #ring: SpeechFrame[] = [];
  #open: SpokenWindow | WordedWindow | null = null;
  #audio = false;
  /** How far the data reach. */
  #progressMs = -Infinity;
  /** Where the last utterance ended. */
  #floorMs = -Infinity;
  /** Segments of which words, from that one on, are of a time that has not come. */
  readonly #ahead = new Map<string, number>();
  /** Words open an utterance only from here on: before it there was sound to do so. */
  #wordsFromMs = -Infinity;

  constructor(options: CutOptions, newId: () => string, emit: (event: WindowEvent) => void) {
    this.#options = options;
    this.#newId = newId;
    this.#emit = emit;
  }

  accept(input: TimedInput): void {
    switch (input.kind) {
      case 'frame':
        return this.#frame(input);
      case 'audio.gap':
        return this.#gap(input);
      case 'segment':
        return this.#segment(input);
      case 'face':
        this.#emit(input);
        if (!this.#audio) this.#passTime(input.atMs);
        return;
      case 'modality':
        return this.#modality(input);
      case 'tick':
        return this.#passTime(input.atMs);
      case 'close':
        this.#advance(input.atMs);
        return this.#close(input.trigger);
    }
  }

  /** Ends what is open. */
  finish(): void {
    this.#close('shutdown');
  }

  #frame(frame: SpeechFrame): void {
    if (!(this.#open instanceof SpokenWindow)) {
      // What lies before a hole is no beginning of what comes after it.
      if (frame.startMs - (this.#ring.at(-1)?.endMs ?? frame.startMs) >= FRAME_MS) this.#ring = [];
      this.#ring.push(frame);
      if (this.#ring.length > RING_FRAMES) this.#ring.shift();
      if (frame.speech) this.#openBySpeech(frame);
      else this.#settleWorded(frame.endMs);
    } else {
      this.#open.push(frame);
      this.#settleSpoken(this.#open, frame);
    }
    this.#advance(frame.endMs);
  }

  #openBySpeech(frame: SpeechFrame): void {
    // From here on the voice tells where the utterance ends, not the words.
    if (this.#open) this.#close('words');
    const beganMs = Math.max(frame.sinceMs, this.#ring[0]!.startMs);
    const startMs = Math.max(beganMs, this.#floorMs);
    if (startMs >= frame.endMs) return;
    const fromMs = Math.max(startMs - PRE_ROLL_MS, this.#floorMs);
    const frames = this.#ring.filter((held) => held.startMs >= fromMs || held === frame);
    for (const held of frames) if (held.startMs >= startMs) held.speech = true;
    this.#ring = [];
    this.#begin(new SpokenWindow(this.#newId(), startMs, frames, this.#options, beganMs));
  }

  #begin(window: SpokenWindow | WordedWindow): void {
    this.#open = window;
    this.#emit({ kind: 'open', utteranceId: window.utteranceId, startMs: window.startMs, trigger: window.trigger });
    if (window instanceof SpokenWindow) for (const sound of window.release()) this.#emit(sound);
  }

  #settleSpoken(window: SpokenWindow, frame: SpeechFrame): void {
    if (frame.speech) return window.tooLong ? this.#split(window) : this.#release(window);
    const silenceMs = window.silenceMs(frame.endMs);
    if (silenceMs >= this.#options.silenceMs) this.#close('silence');
    else if (silenceMs >= WORDS_SILENCE_MS && this.#log.covers(window.span)) this.#close('words');
    else if (silenceMs >= LULL_MS && silenceMs < LULL_MS + FRAME_MS) this.#lull(window);
  }

  #lull(window: SpokenWindow): void {
    for (const sound of window.releaseAll()) this.#emit(sound);
    this.#emit({ kind: 'lull', utteranceId: window.utteranceId });
  }

  #release(window: SpokenWindow): void {
    for (const sound of window.release()) this.#emit(sound);
  }

  #split(window: SpokenWindow): void {
    const { rest, restStartMs } = window.split(PRE_ROLL_MS);
    this.#close('max-length');
    this.#ring = [];
    const next = new SpokenWindow(this.#newId(), restStartMs, rest, this.#options);
    this.#begin(next);
    if (next.tooLong) this.#split(next);
  }

  #gap({ fromMs, toMs, reason }: AudioGapInput): void {
    const window = this.#open;
    if (window instanceof SpokenWindow) {
      const long = reason === 'long-gap' || toMs - fromMs > LONG_GAP_MS;
      if (long) this.#close('gap');
      else if (window.silenceMs(toMs) >= this.#options.silenceMs) this.#close(reason === 'dtx' ? 'silence' : 'gap');
    }
    this.#advance(toMs);
  }

  #segment(segment: TimedSegment): void {
    if (!this.#log.put(segment)) return;
    this.#log.expire(this.#progressMs - KEEP_SEGMENTS_MS);
    this.#ahead.delete(segment.segmentId);
    if (!this.#audio) this.#followWords(segment, Math.max(this.#progressMs, segment.arrivalMs));
    this.#emit(segment);
    if (this.#open instanceof SpokenWindow) {
      const { span } = this.#open;
      const silent = this.#open.silenceMs(this.#open.reachedMs) >= WORDS_SILENCE_MS;
      if (silent && this.#log.covers(span)) this.#close('words');
    } else {
      this.#settleWorded(Math.max(this.#progressMs, segment.arrivalMs));
    }
  }

  /**
   * Without sound the words are the utterance: they open it, extend it and, where it gets too long, split it. Those ahead
   * of time wait until it has come, as there may be sound by then.
   */
  #followWords(segment: TimedSegment, nowMs: number, from = 0): void {
    for (const [index, word] of segment.words.entries()) {
      if (index < from) continue;
      if (word.startMs > nowMs) {
        if (word.startMs <= nowMs + MAX_AHEAD_MS) this.#ahead.set(segment.segmentId, index);
        break;
      }
      const startMs = Math.max(word.startMs, this.#floorMs, this.#wordsFromMs);
      if (startMs >= word.endMs) continue;
      const window = this.#open;
      if (window && word.startMs > window.startMs && word.endMs - window.startMs > this.#options.maxMs) {
        this.#close('max-length');
        const nextMs = Math.max(word.startMs, this.#floorMs);
        if (nextMs < word.endMs) this.#beginWorded(nextMs);
      } else if (!window) {
        this.#beginWorded(startMs);
      }
    }
    if (this.#open instanceof WordedWindow) this.#open.measure(this.#log);
  }

  #beginWorded(startMs: number): void {
    this.#begin(new WordedWindow(this.#newId(), startMs, this.#floorMs, this.#options.maxMs));
  }

  #settleWorded(atMs: number): void {
    if (!(this.#open instanceof WordedWindow)) return;
    const silenceMs = this.#open.silenceMs(atMs);
    if (silenceMs >= WORDS_SILENCE_MS && this.#log.covers(this.#open.span)) this.#close('words');
    else if (silenceMs >= this.#options.silenceMs) this.#close('silence');
  }

  #modality(input: ModalityInput): void {
    const { modality, available, reason } = input;
    if (modality === 'audio' && available !== this.#audio) {
      this.#audio = available;
      if (available) this.#ahead.clear();
      if (!available) {
        if (this.#open instanceof SpokenWindow) this.#close(triggerOf[reason ?? ''] ?? 'gap');
        this.#ring = [];
        this.#wordsFromMs = this.#progressMs;
      }
    }
    if (modality === 'text' && !available) {
      this.#log.clear();
      this.#ahead.clear();
    }
    this.#emit(input);
  }

  /** Time goes on without sound. */
  #passTime(atMs: number): void {
    if (this.#open instanceof SpokenWindow && atMs - this.#open.reachedMs >= STALLED_MS) this.#close('gap');
    for (const [segmentId, from] of [...this.#ahead]) {
      this.#ahead.delete(segmentId);
      const segment = this.#log.get(segmentId);
      if (segment) this.#followWords(segment, atMs, from);
    }
    this.#settleWorded(atMs);
    this.#advance(atMs);
  }

  #close(trigger: Trigger): void {
    const window = this.#open;
    if (!window) return;
    this.#open = null;
    const { utteranceId } = window;
    if (window instanceof SpokenWindow) {
      const { sound, rest } = window.finish();
      for (const event of sound) this.#emit(event);
      this.#ring = rest.slice(-RING_FRAMES);
    } else {
      window.measure(this.#log);
    }
    const { span } = window;
    // A start that was told ends after 1 ms where its words were taken back, so the next one begins no earlier.
    this.#floorMs = Math.max(this.#floorMs, span.endMs, span.startMs + 1);
    const noise = window instanceof SpokenWindow ? window.short && !window.voiced : span.endMs - span.startMs < 1;
    if (noise && !this.#log.hasWordsIn(span)) this.#emit({ kind: 'discard', utteranceId });
    else this.#emit({ kind: 'close', utteranceId, span, trigger });
  }

  #advance(atMs: number): void {
    if (!(atMs > this.#progressMs)) return;
    this.#progressMs = atMs;
    this.#emit({ kind: 'progress', atMs });
  }
}
