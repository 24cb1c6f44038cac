import type { LabelSetRef } from '../events/contract/v1/types.ts';
import type { Book, Entry, Result } from './Book.ts';
import { lengthOf, type Interval } from './intervals.ts';
import { inOrder } from './statistics.ts';

/** An utterance that ended, in the meeting. */
export interface Said extends Interval {
  participantId: string;
  utteranceId: string;
  result: Result | undefined;
  wordless: Result | undefined;
  backChannelWords: boolean | undefined;
}

export interface Speech {
  span: Interval | undefined;
  /** In the order of their starts. */
  said: Said[];
  /** Utterances of each participant of whose end nothing was told. */
  open: Map<string, number>;
}

/** All that was said within the span, or in all; what begins in it is cut where it ends. */
export function speechIn(book: Book, given: Interval | undefined): Speech {
  const open = new Map<string, number>();
  const said: Said[] = [];
  for (const entry of book.entries()) {
    const span = entry.resultSpan ?? entry.ended;
    const startMs = span?.startMs ?? entry.startMs;
    if (given && (startMs < given.startMs || startMs >= given.endMs)) continue;
    if (!span) open.set(entry.participantId, (open.get(entry.participantId) ?? 0) + 1);
    else said.push(saidOf(entry, span, given?.endMs ?? Infinity));
  }
  said.sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs || inOrder(keyOf(a), keyOf(b)));
  return { span: given ?? spanOf(said), said, open };
}

const keyOf = ({ participantId, utteranceId }: Said) => `${participantId}\n${utteranceId}`;

function saidOf(entry: Entry, { startMs, endMs }: Interval, latestMs: number): Said {
  const { participantId, utteranceId, result, wordless, backChannelWords } = entry;
  const end = Math.min(latestMs, Math.max(startMs, endMs));
  return { startMs, endMs: end, participantId, utteranceId, result, wordless, backChannelWords };
}

function spanOf(said: readonly Said[]): Interval | undefined {
  const [first] = said;
  if (!first) return undefined;
  return { startMs: first.startMs, endMs: said.reduce((latest, { endMs }) => Math.max(latest, endMs), 0) };
}

/** A result that may be acted upon, with the utterance that it is about. */
export interface Scored extends Said {
  result: Result;
}

export const hasResult = (one: Said): one is Scored => one.result !== undefined;
export const isClear = ({ result }: Scored): boolean => result.abstained === undefined;
/** What a result counts in means: the length of its utterance, at least 1 ms. */
export const weightOf = (one: Interval): number => Math.max(1, lengthOf(one));

/** Results by their label set, in the order in which the sets were first asked. */
export function bySet(results: readonly Scored[]): { set: LabelSetRef; names: string[]; results: Scored[] }[] {
  const groups = Map.groupBy(results, ({ result }) => result.set);
  return [...groups].map(([set, group]) => ({ set: set.ref, names: namesIn(group), results: group }));
}

/** Names of the labels that results of one set have, in their order. */
export function namesIn(results: readonly Scored[]): string[] {
  const places = results[0]!.result.set.places;
  const named = ([, place]: [string, number]) =>
    results.some(({ result }) => !Number.isNaN(result.scores[place] ?? NaN));
  return [...places]
    .filter(named)
    .map(([name]) => name)
    .sort(inOrder);
}

/** The p of a label; 0 for one that the result does not name. */
export function scoreOf({ result }: Scored, name: string): number {
  return orNone(result.scores[result.set.places.get(name) ?? -1]);
}

const orNone = (p: number | undefined) => (p === undefined || Number.isNaN(p) ? 0 : p);

/** Index among the names of the leading label: of equal ones the first. @param results - of one set @param names - in their order */
export function leadersOf(results: readonly Scored[], names: readonly string[]): number[] {
  return tableOf(results, names).map((row) => {
    let leading = 0;
    for (let j = 1; j < row.length; j += 1) if (row[j]! > row[leading]!) leading = j;
    return leading;
  });
}

/** The p of each label, row by row. @param results - of one set */
export function tableOf(results: readonly Scored[], names: readonly string[]): number[][] {
  const places = names.map((name) => results[0]?.result.set.places.get(name) ?? -1);
  return results.map(({ result }) => places.map((place) => orNone(result.scores[place])));
}
