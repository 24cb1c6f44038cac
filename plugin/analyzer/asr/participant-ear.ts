import { Subject, type Subscription } from 'rxjs';
import type { AttributedSegment } from '../protocol.ts';
import { audioFrames } from '../utterance/audio-frames.ts';
import { markSpeech } from '../utterance/mark-speech.ts';
import type { SpeechFrame, SpokenInput } from '../utterance/StageTypes.ts';
import type { UtteranceInput } from '../utterance/index.ts';
import type { Hypothesis, Recogniser, RecogniserTurn } from './AsrTypes.ts';
import { SampleClock } from './sample-clock.ts';

/** So much sound from before the onset goes with a turn: recognisers want to hear the silence before a word. */
const PRE_ROLL_FRAMES = 10;
/** Silence that ends a turn. Shorter than that which ends an utterance, so that its words are there by then. */
const TURN_SILENCE_MS = 350;
/** Longer turns are cut, and told in parts. */
const MAX_TURN_MS = 20_000;
/** While words come from elsewhere, the recogniser is not asked. */
const ELSEWHERE_MS = 30_000;

export interface ParticipantEarOptions {
  participantId: string;
  recogniser: Recogniser;
  /** BCP 47. */
  lang?: string;
  words(segment: AttributedSegment): void;
  /** Wall ms. @default Date.now */
  now?: () => number;
}

interface Turn {
  readonly segmentId: string;
  readonly clock: SampleClock;
  readonly startMs: number;
  spokenMs: number;
  handle: RecogniserTurn;
  /** Whether an interim was told, which an empty final has to take back. */
  told: boolean;
}

/**
 * Listens for one participant: gives the recogniser each stretch of their speech, and makes segments of what it answers,
 * on the clock of the sound. It hears nothing until it is opened, and forgets what it heard when it is shut.
 */
export class ParticipantEar {
  readonly #options: ParticipantEarOptions;
  readonly #input = new Subject<UtteranceInput>();
  readonly #subscription: Subscription;
  /** Frames outside any turn. */
  #before: SpeechFrame[] = [];
  #turn: Turn | undefined;
  /** Turns whose final is still to come. */
  readonly #pending = new Set<Turn>();
  #open = false;
  #count = 0;
  #elsewhereUntilMs = -Infinity;

  constructor(options: ParticipantEarOptions) {
    this.#options = options;
    this.#subscription = this.#input.pipe(audioFrames(), markSpeech()).subscribe((input) => this.#spoken(input));
  }

  /** Hears only from now on. */
  open(): void {
    this.#open = true;
  }

  /** Hears no more; what was said before is still recognised. */
  shut(): void {
    this.#open = false;
    this.#finish();
    this.#before = [];
  }

  /** Consent is gone: forgets all that it heard, in the recogniser as well. */
  forget(): void {
    this.#open = false;
    this.#before = [];
    this.#turn = undefined;
    for (const turn of this.#pending) turn.handle.cancel();
    this.#pending.clear();
  }

  feed(input: UtteranceInput): void {
    if (this.#open) this.#input.next(input);
  }

  /** Words of this participant came from elsewhere: who gives them knows better. */
  elsewhere(): void {
    this.#elsewhereUntilMs = this.#now() + ELSEWHERE_MS;
    for (const turn of this.#pending) {
      turn.handle.cancel();
      this.#takeBack(turn);
    }
    this.#pending.clear();
    this.#turn = undefined;
  }

  /** Nothing is heard of it any more. */
  close(): void {
    this.forget();
    this.#subscription.unsubscribe();
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }

  #spoken(input: SpokenInput): void {
    if (input.kind === 'frame') return this.#frame(input);
    if (input.kind !== 'close' && !(input.kind === 'audio.gap' && input.reason === 'long-gap')) return;
    this.#finish();
    this.#before = [];
  }

  #frame(frame: SpeechFrame): void {
    if (!this.#turn) {
      this.#before.push(frame);
      if (frame.speech && this.#now() >= this.#elsewhereUntilMs) this.#begin();
      else if (this.#before.length > PRE_ROLL_FRAMES) this.#before.shift();
      return;
    }
    this.#hear(this.#turn, frame);
    if (!this.#turn) return;
    if (frame.endMs - this.#turn.spokenMs >= TURN_SILENCE_MS || frame.endMs - this.#turn.startMs >= MAX_TURN_MS) {
      this.#finish();
    }
  }

  #begin(): void {
    const frames = this.#before;
    this.#before = [];
    const last = frames.at(-1)!;
    const handle = this.#options.recogniser.begin({
      heard: (hypothesis) => this.#heard(turn, hypothesis),
      ended: () => this.#ended(turn),
    });
    // It is down or full: what is said meanwhile goes without words, which the reason of the text tells.
    if (!handle) return;
    const turn: Turn = {
      segmentId: `recogniser-${this.#options.participantId.slice(0, 150)}-${(this.#count += 1)}`,
      clock: new SampleClock(),
      startMs: frames[0]!.startMs,
      spokenMs: last.endMs,
      handle,
      told: false,
    };
    this.#turn = turn;
    this.#pending.add(turn);
    for (const frame of frames) this.#hear(turn, frame);
  }

  #hear(turn: Turn, frame: SpeechFrame): void {
    turn.clock.add(frame.pcm.length, frame.startMs);
    if (frame.speech) turn.spokenMs = frame.endMs;
    if (!turn.handle.hear(frame.pcm)) this.#finish();
  }

  #finish(): void {
    const turn = this.#turn;
    this.#turn = undefined;
    turn?.handle.finish();
  }

  #heard(turn: Turn, { text, words, final }: Hypothesis): void {
    if (!this.#pending.has(turn)) return;
    if (text === '') {
      if (final) this.#takeBack(turn);
      return;
    }
    turn.told = true;
    const endMs = turn.clock.samples / 16;
    const at = (ms: number): number => turn.clock.toWallMs(Math.min(Math.max(ms, 0), endMs));
    const { participantId, lang } = this.#options;
    this.#options.words({
      participantId,
      segmentId: turn.segmentId,
      text,
      final,
      clock: 'wall',
      startMs: at(0),
      endMs: at(endMs),
      ...(words.length > 0 && {
        words: words.map((word) => ({ text: word.text, startMs: at(word.startMs), endMs: at(word.endMs) })),
      }),
      ...(lang !== undefined && { lang }),
    });
  }

  #ended(turn: Turn): void {
    if (this.#turn === turn) this.#turn = undefined;
    this.#pending.delete(turn);
  }

  #takeBack({ told, segmentId }: Turn): void {
    const { participantId, words } = this.#options;
    if (told) words({ participantId, segmentId, text: '', final: true });
  }
}
