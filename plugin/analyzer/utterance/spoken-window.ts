import type { UtteranceOptions } from './UtteranceTypes.ts';
import type { Span } from '../../events/contract/v1/types.ts';
import { quietestFrame } from './quietest-frame.ts';
import { FRAME_MS } from './audio-frames.ts';
import type { SoundEvent, SpeechFrame } from './StageTypes.ts';
import { isVoiced } from './voicing.ts';

/** The split of an utterance that is too long is looked for in so much of its end. */
const SPLIT_SEARCH_MS = 2000;
/** Sound from just after the last speech that goes with the utterance: a word may end too softly to be told from the room. */
const POST_ROLL_MS = 64;
/** A short burst is an utterance if it is voiced for so much of the shortest length. */
const VOICED_SHARE = 0.35;

type Limits = Pick<UtteranceOptions, 'maxMs' | 'minMs'>;

/**
 * An utterance that is being spoken. It holds back sound that may not be part of it: silence after the last speech,
 * until speech goes on, and near the maximum length everything that a split may give to the next utterance.
 */
export class SpokenWindow {
  readonly trigger = 'speech';
  readonly utteranceId: string;
  readonly startMs: number;
  readonly #beganMs: number;
  readonly #limits: Limits;
  readonly #soundStartMs: number;
  #lastSpeechEndMs: number;
  #releasedSpeechEndMs: number;
  #reachedMs: number;
  #held: SpeechFrame[];
  /** Its frames while it is short, to tell a voice from a noise. */
  #opening: SpeechFrame[];

  /**
   * @param frames from the pre-roll to the present; the last one is speech
   * @param beganMs where its speech began, of which an utterance before it may have taken some
   */
  constructor(
    utteranceId: string,
    startMs: number,
    frames: readonly SpeechFrame[],
    limits: Limits,
    beganMs: number = startMs,
  ) {
    this.utteranceId = utteranceId;
    this.startMs = startMs;
    this.#beganMs = beganMs;
    this.#limits = limits;
    this.#soundStartMs = Math.min(startMs, frames[0]?.startMs ?? startMs);
    this.#held = [...frames];
    this.#opening = [...frames];
    this.#reachedMs = frames.at(-1)?.endMs ?? startMs;
    this.#lastSpeechEndMs = this.#reachedMs;
    this.#releasedSpeechEndMs = startMs;
  }

  /** From the first speech to the last. */
  get span(): Span {
    return { startMs: this.startMs, endMs: this.#lastSpeechEndMs };
  }

  /** How long the participant has been silent by the given time. */
  silenceMs(atMs: number): number {
    return atMs - this.#lastSpeechEndMs;
  }

  get reachedMs(): number {
    return this.#reachedMs;
  }

  /** Too short to be taken for speech without further evidence. */
  get short(): boolean {
    return this.#lastSpeechEndMs - this.#beganMs < this.#limits.minMs;
  }

  /** What is short is a voice all the same ("mhm", "oh"), not a cough or a knock. */
  get voiced(): boolean {
    const voiced = this.#opening.filter(({ speech, pcm }) => speech && isVoiced(pcm));
    return voiced.length * FRAME_MS >= this.#limits.minMs * VOICED_SHARE;
  }

  /** Speech goes on beyond the maximum length. */
  get tooLong(): boolean {
    return this.#lastSpeechEndMs - this.#soundStartMs > this.#limits.maxMs;
  }

  push(frame: SpeechFrame): void {
    this.#held.push(frame);
    this.#reachedMs = frame.endMs;
    if (this.short) this.#opening.push(frame);
    if (!frame.speech) return;
    this.#lastSpeechEndMs = frame.endMs;
    // The frames are this window's own copies: `markSpeech` makes one of each.
    for (const held of this.#held) if (held.startMs >= frame.sinceMs) held.speech = true;
    if (!this.short) this.#opening = [];
  }

  /** The sound that is now known to belong to the utterance. */
  release(): SoundEvent[] {
    const undecidedMs = this.#soundStartMs + this.#limits.maxMs - this.#searchMs;
    return this.#take((frame) => frame.endMs <= Math.min(this.#lastSpeechEndMs, undecidedMs));
  }

  /** The utterance may be over: the sound that it has if it is. */
  releaseAll(): SoundEvent[] {
    const longestMs = this.#soundStartMs + this.#limits.maxMs;
    const endMs = Math.max(this.#lastSpeechEndMs, Math.min(this.#lastSpeechEndMs + POST_ROLL_MS, longestMs));
    return this.#take((frame) => frame.endMs <= endMs);
  }

  /** The utterance is over: all its sound, and the frames after it. */
  finish(): { sound: SoundEvent[]; rest: SpeechFrame[] } {
    const sound = this.releaseAll();
    return { sound, rest: this.#held };
  }

  /**
   * Ends the utterance at the quietest point near its maximum length.
   * @returns the frames that follow that point, beginning with up to `preRollMs` of silence, and where speech begins
   */
  split(preRollMs: number): { rest: SpeechFrame[]; restStartMs: number } {
    const latestMs = Math.min(this.#soundStartMs + this.#limits.maxMs, this.#reachedMs - this.#limits.minMs);
    const earliestMs = latestMs - this.#searchMs;
    const from = this.#held.findIndex((frame) => frame.startMs >= earliestMs);
    const candidates = this.#held.slice(Math.max(0, from)).filter((frame) => frame.endMs <= latestMs);
    let cut = Math.max(0, from) + quietestFrame(candidates) + 1;
    // Silence before the cut is of more use as the pre-roll of what follows.
    while (cut > 0 && !this.#held[cut - 1]!.speech) cut -= 1;

    const rest = this.#held.slice(cut);
    const firstSpeech = rest.findIndex((frame) => frame.speech);
    const restStartMs = rest[firstSpeech]!.startMs;
    this.#held = this.#held.slice(0, cut);
    this.#lastSpeechEndMs = this.#held.findLast((frame) => frame.speech)?.endMs ?? this.#releasedSpeechEndMs;
    return { rest: rest.filter((frame) => frame.startMs >= restStartMs - preRollMs), restStartMs };
  }

  get #searchMs(): number {
    return Math.min(SPLIT_SEARCH_MS, this.#limits.maxMs / 2);
  }

  #take(mine: (frame: SpeechFrame) => boolean): SoundEvent[] {
    const end = this.#held.findIndex((frame) => !mine(frame));
    const taken = end === -1 ? this.#held : this.#held.slice(0, end);
    this.#held = end === -1 ? [] : this.#held.slice(end);
    this.#releasedSpeechEndMs = taken.findLast((frame) => frame.speech)?.endMs ?? this.#releasedSpeechEndMs;
    return taken.map(({ startMs, endMs, pcm, speech, concealedMs }) => ({
      kind: 'sound',
      utteranceId: this.utteranceId,
      startMs,
      endMs,
      pcm,
      speech,
      concealedMs,
    }));
  }
}
