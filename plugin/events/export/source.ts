import type { EmotionFinal, UndertoneEvent } from '../contract/v1/types.ts';

/**
 * Events that can be read from the beginning more than once: an array, a log file, a query of a store. They are never held
 * in memory as a whole.
 */
export type EventSource = () => Iterable<UndertoneEvent> | AsyncIterable<UndertoneEvent>;

/** What a first reading tells, in a few bytes an utterance. */
export interface Overview {
  /** Utterances whose results were taken back. */
  retracted: ReadonlySet<string>;
  /** Alerts that were taken back. */
  retractedAlerts: ReadonlySet<string>;
  /** Number of the event that holds for an utterance: that of its highest revision. */
  standing: ReadonlyMap<string, number>;
  /** Numbers of the results that hold, in the order in which their utterances began. */
  order: readonly number[];
  /** When the earliest utterance began; undefined where there is none. */
  startMs: number | undefined;
  /** Labels of each label set, by its hash, in the order in which the sets were first asked. */
  labelSets: ReadonlyMap<string, { id: string; names: readonly string[] }>;
}

interface Standing {
  seq: number;
  revision: number;
  startMs: number;
}

/** Reads all events once and keeps what the writers need to know beforehand. */
export async function survey(source: EventSource): Promise<Overview> {
  const retracted = new Set<string>();
  const retractedAlerts = new Set<string>();
  const known = new Map<string, Standing>();
  const labelSets = new Map<string, { id: string; names: string[] }>();
  for await (const event of source()) {
    if (event.type === 'emotion.retracted') {
      for (const id of event.utteranceIds) retracted.add(id);
      for (const id of event.alertIds ?? []) retractedAlerts.add(id);
    } else if (event.type === 'emotion.final') {
      const { seq, revision, utteranceId, span, labelSet } = event;
      const before = known.get(utteranceId);
      if (!before || before.revision <= revision) known.set(utteranceId, { seq, revision, startMs: span.startMs });
      const names = labelSets.get(labelSet.hash)?.names ?? [];
      labelSets.set(labelSet.hash, { id: labelSet.id, names });
      for (const { name } of event.labels) if (!names.includes(name)) names.push(name);
    }
  }
  for (const id of retracted) known.delete(id);
  const sorted = [...known.values()].sort((a, b) => a.startMs - b.startMs || a.seq - b.seq);
  for (const { names } of labelSets.values()) names.sort();
  return {
    retracted,
    retractedAlerts,
    standing: new Map([...known].map(([id, { seq }]) => [id, seq])),
    order: sorted.map(({ seq }) => seq),
    startMs: sorted[0]?.startMs,
    labelSets,
  };
}

/**
 * The results that hold, in the order in which their utterances began: the last revision of each, without those that were
 * taken back. Only those that overtook an earlier one wait in memory.
 */
export async function* standingFinals(source: EventSource, overview: Overview): AsyncGenerator<EmotionFinal> {
  const waiting = new Map<number, EmotionFinal>();
  let at = 0;
  for await (const event of source()) {
    if (event.type !== 'emotion.final' || overview.standing.get(event.utteranceId) !== event.seq) continue;
    waiting.set(event.seq, event);
    for (let due = waiting.get(overview.order[at]!); due; due = waiting.get(overview.order[at]!)) {
      waiting.delete(due.seq);
      at += 1;
      yield due;
    }
  }
}

/**
 * All durable events in the order in which they came, without results that were taken back. That they were taken back stays
 * in it, and so do earlier revisions: it is the record of what was said when.
 */
export async function* durableEvents(source: EventSource, overview: Overview): AsyncGenerator<UndertoneEvent> {
  for await (const event of source()) {
    if (event.type === 'emotion.interim') continue;
    if (event.type === 'emotion.final' && overview.retracted.has(event.utteranceId)) continue;
    if (event.type === 'alert' && overview.retractedAlerts.has(event.alertId)) continue;
    yield event;
  }
}
