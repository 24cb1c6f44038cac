import type { OperatorFunction } from 'rxjs';
import { FRAME_MS } from './audio-frames.ts';
import { Loudness } from './loudness.ts';
import { stage } from './stage.ts';
import type { AudioFrame, FramedInput, SpokenInput } from './StageTypes.ts';
import { isVoiced } from './voicing.ts';

export interface MarkSpeechOptions {
  /** Speech probability at which a frame speaks for speech. @default 0.5 */
  onset?: number;
  /** Below this, speech is over. @default 0.35 */
  offset?: number;
}

/** Two of so many frames in a row have to speak for speech. */
const ONSET_FRAMES = 3;
const ONSET_VOTES = 2;
/** How many frames before the onset may be found to be speech as well. */
const LOOK_BACK_FRAMES = 6;
/** How many of those may be so by their loudness alone, and how much softer than the onset they may be. */
const SOFT_FRAMES = 4;
const SOFT_DB = 22;
/** The VAD does not go on being wrong for longer: from then on, a faint voice is one. */
const FAINT_FRAMES = 6;

const KEPT_FRAMES = ONSET_FRAMES + LOOK_BACK_FRAMES;

/** The most by which `sinceMs` reaches back from the end of the frame that tells it. */
export const MAX_ONSET_DELAY_MS = KEPT_FRAMES * FRAME_MS;

/** A frame since speech ended. */
interface Recent {
  readonly frame: AudioFrame;
  /** Speaks for speech. */
  readonly vote: boolean;
  readonly levelDbfs: number;
  readonly standsOut: boolean;
}

/**
 * Judges, with hysteresis, in which frames the participant speaks.
 *
 * Speech begins with two frames of three at `onset` or above, and reaches back over the frames just before that were
 * no worse than `offset` or stood out from the room: the soft beginning of a word. It lasts until a frame falls below
 * `offset`. Single frames of noise do not begin it, and a waver between the two thresholds does not end it. A long gap
 * does. A VAD knows words better than hums ("mhm"): so where the vocal folds sound louder than the room, `offset` is
 * enough to begin with, and nothing of the VAD is needed to go on.
 *
 * A VAD says speech for a while after the last of it. So a frame as soft as the room is not marked, unless more speech
 * follows it: then `sinceMs` includes it.
 *
 * ```
 * p       1--9--9--4--4--2--9--1--|    tenths
 * output  .--.--S--S--S--.--.--.--|    S: speech, since the second frame
 * ```
 *
 * @example
 * input.pipe(audioFrames(), markSpeech()).subscribe(...)
 */
export function markSpeech({ onset = 0.5, offset = 0.35 }: MarkSpeechOptions = {}): OperatorFunction<
  FramedInput,
  SpokenInput
> {
  return stage((output) => {
    let speaking = false;
    let sinceMs = 0;
    /** Frames since speech ended, oldest first. */
    let recent: Recent[] = [];
    const loudness = new Loudness();
    /** Frames in a row that are speech to the VAD and as soft as the room. */
    let faint = 0;

    const reset = (): void => {
      speaking = false;
      recent = [];
    };

    const beginning = (): number | undefined => {
      const window = recent.slice(-ONSET_FRAMES);
      const votes = window.filter(({ vote }) => vote);
      if (votes.length < ONSET_VOTES) return undefined;
      let first = recent.indexOf(votes[0]!);
      while (first > 0 && recent[first - 1]!.frame.p >= offset) first -= 1;
      const earliest = Math.max(0, first - SOFT_FRAMES);
      const leastDbfs = Math.max(...votes.map(({ levelDbfs }) => levelDbfs)) - SOFT_DB;
      while (first > earliest && recent[first - 1]!.standsOut && recent[first - 1]!.levelDbfs >= leastDbfs) first -= 1;
      return recent[first]!.frame.startMs;
    };

    const judge = (frame: AudioFrame): void => {
      loudness.hear(frame);
      const { levelDbfs, standsOut } = loudness;
      const isVoice = (): boolean => standsOut && isVoiced(frame.pcm);
      if (speaking) {
        if (frame.p < offset && !isVoice()) reset();
      } else {
        const vote = frame.p >= onset || (frame.p >= offset && isVoice());
        recent.push({ frame, vote, levelDbfs, standsOut });
        if (recent.length > KEPT_FRAMES) recent.shift();
        const beganMs = beginning();
        if (beganMs !== undefined) {
          speaking = true;
          sinceMs = beganMs;
          loudness.begin();
        }
      }
      faint = speaking && loudness.faint ? faint + 1 : 0;
      const speech = speaking && (faint === 0 || faint > FAINT_FRAMES);
      output.next({ ...frame, speech, sinceMs: speech ? sinceMs : frame.endMs });
    };

    return {
      next: (input) => {
        if (input.kind === 'frame') return judge(input);
        const breaks =
          input.kind === 'close' ||
          (input.kind === 'audio.gap' && input.reason === 'long-gap') ||
          (input.kind === 'modality' && input.modality === 'audio' && !input.available);
        if (breaks) reset();
        output.next(input);
      },
    };
  });
}
