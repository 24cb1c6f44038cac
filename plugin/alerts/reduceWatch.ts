import type { Alert, LabelSetRef } from '../events/contract/v1/types.ts';
import type { CheckedRule } from './rules.ts';
import { runOf, suffices, type Sample } from './run.ts';

/** Results of one participant that are kept: more than anybody gives in the longest time that a rule may ask for. */
const KEPT = 500;

/** An alert that was raised and has not ended. */
export interface OpenAlert {
  span: Alert['span'];
  results: number;
  /** What raised it: utterances, or events with means. */
  ids: readonly string[];
}

/** What one rule knows of one participant, or of the means over the room. */
export interface WatchState {
  /** In the order of their times. */
  samples: readonly Sample[];
  /** Highest revision of each sample that was seen, also of those that do not count. */
  revisions: ReadonlyMap<string, number>;
  labelSet: LabelSetRef | undefined;
  open: OpenAlert | undefined;
  /** Nothing is raised before this, wall ms. */
  quietUntilMs: number;
}

export const INITIAL_WATCH: WatchState = {
  samples: [],
  revisions: new Map(),
  labelSet: undefined,
  open: undefined,
  quietUntilMs: -Infinity,
};

export type WatchInput =
  | {
      kind: 'result';
      sample: Sample;
      revision: number;
      labelSet: LabelSetRef;
      /** Whether it counts: not when it abstains. */
      counts: boolean;
      atMs: number;
    }
  | { kind: 'time'; atMs: number }
  | { kind: 'left'; atMs: number };

export interface WatchChange {
  state: Alert['state'];
  reason?: Alert['reason'];
  alert: OpenAlert;
  /** The newest value. */
  value: number;
  labelSet: LabelSetRef;
}

/** When an open alert ends for want of results; undefined when none is open. */
export function silentAtMs({ maxGapMs }: CheckedRule, { samples, open }: WatchState): number | undefined {
  return open && Math.max(open.span.endMs, ...samples.slice(-1).map(({ endMs }) => endMs)) + maxGapMs;
}

function ended(rule: CheckedRule, state: WatchState, reason: Alert['reason'], atMs: number): [WatchState, WatchChange] {
  const value = state.samples.at(-1)?.value ?? rule.above ?? rule.below ?? 0;
  return [
    { ...state, open: undefined, quietUntilMs: atMs + rule.coolDownMs },
    { state: 'ended', reason, alert: state.open!, value, labelSet: state.labelSet! },
  ];
}

/** Puts a result in its place, or takes out what a revision made one that does not count. */
function withResult(state: WatchState, input: Extract<WatchInput, { kind: 'result' }>): WatchState {
  const { sample, revision, labelSet, counts } = input;
  const others = state.samples.filter(({ id }) => id !== sample.id);
  const at = others.findLastIndex(({ startMs }) => startMs <= sample.startMs) + 1;
  const samples = (counts ? others.toSpliced(at, 0, sample) : others).slice(-KEPT);
  const revisions = new Map(state.revisions);
  revisions.delete(sample.id);
  revisions.set(sample.id, revision);
  for (const id of revisions.keys()) {
    if (revisions.size <= KEPT) break;
    revisions.delete(id);
  }
  return { ...state, samples, revisions, labelSet: counts ? labelSet : (state.labelSet ?? labelSet) };
}

/**
 * What a rule makes of one more input. An alert is raised when the newest results in a row are all what the rule asks for, and enough.
 * It ends when they no longer are even with the margin allowed, so that a value at the threshold does not make it flap.
 * Results are taken in the order of their times, whenever they come, and a revision replaces what it revises.
 */
export function reduceWatch(
  rule: CheckedRule,
  state: WatchState,
  input: WatchInput,
): [state: WatchState, change?: WatchChange] {
  if (input.kind === 'left') {
    const [after, change] = state.open ? ended(rule, state, 'left', input.atMs) : [state];
    return [{ ...INITIAL_WATCH, quietUntilMs: after.quietUntilMs }, change];
  }
  if (input.kind === 'time') {
    const dueMs = silentAtMs(rule, state);
    return dueMs !== undefined && input.atMs >= dueMs ? ended(rule, state, 'silent', input.atMs) : [state];
  }
  const before = state.revisions.get(input.sample.id);
  if (before !== undefined && input.revision <= before) return [state];
  const after = withResult(state, input);
  const run = runOf(rule, after.samples, after.open !== undefined);
  if (after.open) {
    if (suffices(rule, run)) return [after];
    return ended(rule, after, before === undefined ? 'eased' : 'revised', input.atMs);
  }
  if (input.atMs < after.quietUntilMs || !suffices(rule, run)) return [after];
  const open: OpenAlert = {
    span: { startMs: run[0]!.startMs, endMs: Math.max(...run.map(({ endMs }) => endMs)) },
    results: run.length,
    ids: run.map(({ id }) => id),
  };
  const { value = 0, hash: _ } = run.at(-1)!;
  return [
    { ...after, open },
    { state: 'raised', alert: open, value, labelSet: after.labelSet! },
  ];
}
