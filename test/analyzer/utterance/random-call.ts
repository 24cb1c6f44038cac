/** Whatever may happen to a participant's pipeline, drawn at random, and a pipeline in virtual time to play it to. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { map, of, throwError, timer, VirtualTimeScheduler, type ObservableInput } from 'rxjs';
import {
  createParticipantPipeline,
  type CloseTrigger,
  type ParticipantPipeline,
  type UtteranceInput,
  type UtteranceSignal,
} from '../../../plugin/analyzer/utterance/index.ts';
import { audio, face, modality, words } from './support.ts';

export type Signal = UtteranceSignal<number, number, string>;

export const options = { silenceMs: 600, maxMs: 4000, minMs: 250, transcriptGraceMs: 1500, interimMs: 1000 };

/** What may happen next; times are relative to where the media are by then. */
export type Step =
  | { do: 'sound'; frames: number; p: number }
  | { do: 'gap'; ms: number }
  | { do: 'repeat'; frames: number }
  | { do: 'face'; quality: number | null }
  | { do: 'words'; id: number; final: boolean; agoMs: number; lengthMs: number; count: number; timed: boolean }
  | { do: 'modality'; name: 'audio' | 'video' | 'text'; available: boolean; withdrawn: boolean }
  | { do: 'tick'; ms: number }
  | { do: 'close'; trigger: CloseTrigger };

export const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('sound' as const),
      frames: fc.integer({ min: 1, max: 60 }),
      p: fc.constantFrom(0, 0.2, 0.4, 0.6, 0.95),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('gap' as const), ms: fc.integer({ min: 1, max: 3000 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('repeat' as const), frames: fc.integer({ min: 1, max: 40 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('face' as const), quality: fc.constantFrom(null, 0.05, 0.4, 0.9) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('words' as const),
      id: fc.integer({ min: 0, max: 5 }),
      final: fc.boolean(),
      agoMs: fc.integer({ min: -2000, max: 12_000 }),
      lengthMs: fc.integer({ min: 0, max: 6000 }),
      count: fc.integer({ min: 0, max: 8 }),
      timed: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('modality' as const),
      name: fc.constantFrom('audio' as const, 'video' as const, 'text' as const),
      available: fc.boolean(),
      withdrawn: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('tick' as const), ms: fc.integer({ min: 0, max: 3000 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('close' as const),
      trigger: fc.constantFrom<CloseTrigger>('mute', 'leave', 'consent', 'pause'),
    }),
  },
);

/** So much speech at a stretch is no noise. */
const CLEAR_FRAMES = 12;

/** What becomes of the steps, with an encoder that is slow and fails now and then. */
export class RandomCall {
  readonly pipeline: ParticipantPipeline<number, number, string>;
  readonly signals: Signal[] = [];
  /** The middle of each stretch of clear speech that was heard. */
  readonly spokenAtMs: number[] = [];
  completed = false;
  #hears = true;
  readonly #clock = new VirtualTimeScheduler();
  #atMs = 20_000;
  #asked = 0;
  #ids = 0;

  constructor(encoderDelayMs: number, keepSignals = true) {
    const answer = <T>(tokens: T): ObservableInput<T> => {
      this.#asked += 1;
      if (this.#asked % 7 === 0) return throwError(() => Object.assign(new Error('shed'), { code: 'overloaded' }));
      return encoderDelayMs === 0 ? of(tokens) : timer(encoderDelayMs, this.#clock).pipe(map(() => tokens));
    };
    this.pipeline = createParticipantPipeline<number, number, string>({
      participantId: 'ada',
      options,
      encoder: {
        encodeAudio: (pcm) => (assert.ok(pcm.length > 0 && pcm.length <= 16_000), answer(pcm.length)),
        encodeFace: (pixels) => answer(pixels[0]!),
        encodeText: (text) => answer(text),
      },
      newId: () => `u${++this.#ids}`,
      scheduler: this.#clock,
      now: () => this.#clock.frame,
      contextTurns: 2,
    });
    this.pipeline.output.subscribe({
      next: (signal) => keepSignals && this.signals.push(signal),
      complete: () => (this.completed = true),
    });
    for (const name of ['audio', 'video', 'text'] as const) this.#feed(modality(name, true));
  }

  /** Since it began. */
  get elapsedMs(): number {
    return this.#atMs - 20_000;
  }

  play(next: Step): void {
    switch (next.do) {
      case 'sound':
        this.#feed(audio(this.#atMs, Array<number>(next.frames).fill(next.p)));
        if (this.#hears && next.p > 0.5 && next.frames >= CLEAR_FRAMES) {
          this.spokenAtMs.push(this.#atMs + (next.frames * 32) / 2);
        }
        this.#atMs += next.frames * 32;
        break;
      case 'gap': {
        const toMs = this.#atMs + next.ms;
        this.#feed({ kind: 'audio.gap', fromMs: this.#atMs, toMs, reason: next.ms > 1000 ? 'long-gap' : 'loss' });
        this.#atMs = toMs;
        break;
      }
      case 'repeat':
        this.#feed(audio(this.#atMs - next.frames * 32, Array<number>(next.frames).fill(0.9)));
        break;
      case 'face':
        this.#feed(face(this.#atMs, next.quality));
        break;
      case 'words': {
        const text = Array.from({ length: next.count }, (_, i) => `w${i}`).join(' ');
        const startMs = this.#atMs - next.agoMs;
        const times = next.timed ? { startMs, endMs: startMs + next.lengthMs } : {};
        this.#feed(words(`s${next.id}`, text, { final: next.final, ...times }));
        break;
      }
      case 'modality': {
        const reason = next.available ? undefined : next.withdrawn ? 'no-consent' : 'muted';
        this.#feed(modality(next.name, next.available, reason));
        if (next.name === 'audio') this.#hears = next.available;
        break;
      }
      case 'tick':
        this.#atMs += next.ms;
        this.#feed({ kind: 'tick', atMs: this.#atMs });
        break;
      case 'close':
        this.#feed({ kind: 'close', trigger: next.trigger, atMs: this.#atMs });
    }
    this.#until(this.#atMs);
  }

  /** The participant leaves, and the last results come out. */
  leave(): void {
    this.pipeline.close('leave');
    this.#until(this.#atMs + 60_000);
  }

  #feed(input: UtteranceInput): void {
    this.pipeline.input.next(input);
  }

  #until(ms: number): void {
    this.#clock.maxFrames = Math.max(this.#clock.frame, ms);
    this.#clock.flush();
    this.#clock.frame = this.#clock.maxFrames;
  }
}
