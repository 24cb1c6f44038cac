/** Where utterances begin and end, against where the speech of recordings truly does. */
import type { EventOf } from '../../../plugin/index.ts';
import { holdCall } from './call.ts';
import type { Material } from './recordings.ts';
import { writeScript, type Line } from './script.ts';
import { quantile, round } from '../shared/statistics.ts';
import type { Talker } from './talker.ts';

export interface BoundaryRow {
  loss: number;
  jitterMs: number;
  /** Stretches of speech, and how many of them became no utterance, or more than one. */
  spoken: number;
  missed: number;
  split: number;
  /** Utterances where nobody spoke. */
  extra: number;
  /** Of the distance of starts and ends from the truth. */
  p50: number;
  p95: number;
  /** Of recordings that were never used to tune anything. */
  heldOutP50: number;
  heldOutP95: number;
  /** Which way: positive is late. */
  startP50: number;
  endP50: number;
}

export interface Boundaries {
  boundaryMsP50: number;
  boundaryMsP95: number;
  rows: BoundaryRow[];
}

const LOSSES = [0, 0.02, 0.05];
const JITTER_MS = 30;
const TALKERS_EACH = 3;
/** Longer than the silence that ends an utterance, so that each phrase is one. */
const PAUSE_MS = [800, 1600] as const;
const LAST_RESULTS_MS = 2000;
/** The thresholds of the voice activity were tuned on these. */
const TUNED_ON = /^(0870|0890)/;

interface Judged {
  name: string;
  startMs: number;
  endMs: number;
  utterances: number;
}

export async function measureBoundaries(material: Material, progress: (text: string) => void): Promise<Boundaries> {
  const talkers = LOSSES.flatMap((loss, i) =>
    Array.from({ length: TALKERS_EACH }, (_, n) => {
      const seed = 100 * (i + 1) + n;
      return {
        participantId: `${loss}-${n}`,
        script: writeScript(material, { seed, pauseMs: PAUSE_MS, leadMs: 1500 + 170 * (TALKERS_EACH * i + n) }),
        link: { loss, jitterMs: JITTER_MS, seed },
      };
    }),
  );
  const seconds = Math.round(Math.max(...talkers.map(({ script }) => script.durationMs)) / 1000);
  progress(`boundaries: ${talkers.length} talkers (${material.source}) at ${LOSSES.join(', ')} loss: ${seconds} s`);
  const ends: EventOf<'utterance.end'>[] = [];
  const held = await holdCall({
    talkers,
    text: false,
    begin: (observer) => observer.on('utterance.end', (event) => ends.push(event)),
    lastResultsMs: LAST_RESULTS_MS,
  });
  const rows = LOSSES.map((loss) => {
    const of = held.filter(({ participantId }) => participantId.startsWith(`${loss}-`));
    return rowOf(loss, of, ends);
  });
  return {
    boundaryMsP50: Math.max(...rows.map(({ p50 }) => p50)),
    boundaryMsP95: Math.max(...rows.map(({ p95 }) => p95)),
    rows,
  };
}

function rowOf(loss: number, talkers: readonly Talker[], ends: readonly EventOf<'utterance.end'>[]): BoundaryRow {
  let extra = 0;
  const judged = talkers.flatMap((talker) => {
    const spans = ends.filter(({ participantId }) => participantId === talker.participantId).map(({ span }) => span);
    const lines = talker.script.lines.map((line) => ({ ...line, ...truthOf(line, talker) }));
    extra += spans.filter((span) => !lines.some((line) => overlaps(line, span))).length;
    return lines.map((line): Judged => {
      const own = spans.filter((span) => overlaps(line, span));
      return {
        name: line.name,
        // Speech that nobody noticed is off by all of it.
        startMs: (own[0]?.startMs ?? line.endMs) - line.startMs,
        endMs: (own.at(-1)?.endMs ?? line.startMs) - line.endMs,
        utterances: own.length,
      };
    });
  });
  const errorsOf = (of: readonly Judged[]) => of.flatMap(({ startMs, endMs }) => [Math.abs(startMs), Math.abs(endMs)]);
  const heldOut = judged.filter(({ name }) => !TUNED_ON.test(name));
  return {
    loss,
    jitterMs: JITTER_MS,
    spoken: judged.length,
    missed: judged.filter(({ utterances }) => utterances === 0).length,
    split: judged.filter(({ utterances }) => utterances > 1).length,
    extra,
    p50: round(quantile(errorsOf(judged), 0.5)),
    p95: round(quantile(errorsOf(judged), 0.95)),
    heldOutP50: round(quantile(errorsOf(heldOut), 0.5)),
    heldOutP95: round(quantile(errorsOf(heldOut), 0.95)),
    startP50: round(
      quantile(
        judged.map(({ startMs }) => startMs),
        0.5,
      ),
    ),
    endP50: round(
      quantile(
        judged.map(({ endMs }) => endMs),
        0.5,
      ),
    ),
  };
}

function truthOf({ startMs, endMs }: Line, talker: Talker): { startMs: number; endMs: number } {
  return { startMs: talker.wallMs(startMs), endMs: talker.wallMs(endMs) };
}

function overlaps(a: { startMs: number; endMs: number }, b: { startMs: number; endMs: number }): boolean {
  return Math.min(a.endMs, b.endMs) > Math.max(a.startMs, b.startMs);
}
