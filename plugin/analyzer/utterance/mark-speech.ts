import type { OperatorFunction } from 'rxjs';
import { FRAME_MS } from './audio-frames.ts';
import { stage } from './stage.ts';
import type { AudioFrame, FramedInput, SpokenInput } from './StageTypes.ts';

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

const KEPT_FRAMES = ONSET_FRAMES + LOOK_BACK_FRAMES;

/** The most by which `sinceMs` reaches back from the end of the frame that tells it. */
export const MAX_ONSET_DELAY_MS = KEPT_FRAMES * FRAME_MS;

/**
 * Judges, with hysteresis, in which frames the participant speaks.
 *
 * Speech begins with two frames of three at `onset` or above, and reaches back over the frames just before that were
 * no worse than `offset`: the soft beginning of a word. It lasts until a frame falls below `offset`. Single frames of
 * noise do not begin it, and a waver between the two thresholds does not end it. A long gap does.
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
    let recent: AudioFrame[] = [];

    const reset = (): void => {
      speaking = false;
      recent = [];
    };

    const beginning = (): number | undefined => {
      const window = recent.slice(-ONSET_FRAMES);
      const votes = window.filter((frame) => frame.p >= onset);
      if (votes.length < ONSET_VOTES) return undefined;
      let first = recent.indexOf(votes[0]!);
      while (first > 0 && recent[first - 1]!.p >= offset) first -= 1;
      return recent[first]!.startMs;
    };

    const judge = (frame: AudioFrame): void => {
      if (speaking) {
        if (frame.p < offset) reset();
      } else {
        recent.push(frame);
        if (recent.length > KEPT_FRAMES) recent.shift();
        const beganMs = beginning();
        if (beganMs !== undefined) {
          speaking = true;
          sinceMs = beganMs;
        }
      }
      output.next({ ...frame, speech: speaking, sinceMs: speaking ? sinceMs : frame.endMs });
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
