/** What is known of a participant: at one moment, and of each utterance. */
import type { EmotionFinal, EmotionInterim } from '../../../plugin/events/contract/v1/types.ts';
import type { PlacedWord, Trace, TraceFace, TraceWindow } from '../../../plugin/events/trace/TraceTypes.ts';

export type Result = EmotionFinal | EmotionInterim;

export interface Subject {
  participantId: string;
  name: string;
  trace: Trace;
  /** As they came. */
  results: readonly Result[];
}

/** A face says something about the time around it, up to so far. */
const FACE_REACH_MS = 1_000;

export interface Moment {
  /** dBFS; undefined where there is no sound. */
  level?: number;
  /** Probability of speech. */
  speech?: number;
  judgedSpeech: boolean;
  gap?: string;
  window?: TraceWindow;
  words: PlacedWord[];
  face?: TraceFace;
  /** The newest result of the window. */
  result?: Result;
}

export function momentOf({ trace, results }: Subject, atMs: number): Moment {
  const moment: Moment = {
    judgedSpeech: trace.speech.some(({ startMs, endMs }) => startMs <= atMs && atMs < endMs),
    words: trace.words.filter(({ startMs, endMs }) => startMs <= atMs && atMs < endMs),
  };
  for (const { startMs, frameMs, level, speech } of trace.frames) {
    const i = Math.floor((atMs - startMs) / frameMs);
    if (i < 0 || i >= level.length) continue;
    moment.level = level[i];
    moment.speech = speech[i];
  }
  const gap = trace.gaps.find(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs);
  if (gap) moment.gap = gap.reason;
  moment.window = trace.windows.find(({ startMs, endMs = Infinity }) => startMs <= atMs && atMs < endMs);
  let nearestMs = FACE_REACH_MS;
  for (const face of trace.faces) {
    const awayMs = Math.abs(face.atMs - atMs);
    if (awayMs >= nearestMs) continue;
    nearestMs = awayMs;
    moment.face = face;
  }
  moment.result = moment.window && newestResult(results, moment.window.utteranceId);
  return moment;
}

/** The final with the highest revision, else the last interim result. */
export function newestResult(results: readonly Result[], utteranceId: string): Result | undefined {
  let newest: Result | undefined;
  for (const result of results) {
    if (result.utteranceId !== utteranceId) continue;
    const older =
      newest?.type === 'emotion.final' && (result.type !== 'emotion.final' || result.revision < newest.revision);
    if (!older) newest = result;
  }
  return newest;
}

export interface UtteranceRow {
  window: TraceWindow;
  words: PlacedWord[];
  result?: Result;
  interims: number;
  revisions: number;
}

/** Every window with its words and its newest result, in the order of time. */
export function utteranceRows({ trace, results }: Subject): UtteranceRow[] {
  const words = new Map<string, PlacedWord[]>();
  for (const word of trace.words) {
    if (word.utteranceId === null) continue;
    const own = words.get(word.utteranceId);
    if (own) own.push(word);
    else words.set(word.utteranceId, [word]);
  }
  return trace.windows.map((window) => {
    const own = results.filter(({ utteranceId }) => utteranceId === window.utteranceId);
    return {
      window,
      words: words.get(window.utteranceId) ?? [],
      result: newestResult(own, window.utteranceId),
      interims: own.filter(({ type }) => type === 'emotion.interim').length,
      revisions: Math.max(0, ...own.map(({ revision }) => revision)),
    };
  });
}

/** All labels of the results, in the alphabet's order. */
export function labelsOf(subjects: readonly Pick<Subject, 'results'>[]): string[] {
  const names = subjects.flatMap(({ results }) => results.flatMap(({ labels }) => labels.map(({ name }) => name)));
  return [...new Set(names)].sort();
}

/** The start of the first window after, or of the last one before. */
export function windowEdge({ trace }: Subject, atMs: number, direction: 1 | -1): number | undefined {
  const starts = trace.windows.map(({ startMs }) => startMs).sort((a, b) => a - b);
  return direction === 1 ? starts.find((ms) => ms > atMs) : starts.findLast((ms) => ms < atMs);
}
