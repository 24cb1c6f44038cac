import type { ReportInterplay } from '../events/contract/v1/types.ts';
import { lengthOf } from './intervals.ts';
import { median } from './statistics.ts';
import { THRESHOLDS } from './thresholds.ts';
import type { Turn, Turns } from './turns.ts';

interface Counts {
  turnsMs: number[];
  backChannels: number;
  responsesMs: number[];
  made: number;
  received: number;
}

/** How people take turns: for each, without time spoken at once (which needs all utterances, also the back-channels). */
export function interplayOf({ turns, backChannels }: Turns): Map<string, Omit<ReportInterplay, 'overlapMs'>> {
  const people = new Map<string, Counts>();
  const of = (id: string) => {
    let counts = people.get(id);
    if (!counts) people.set(id, (counts = { turnsMs: [], backChannels: 0, responsesMs: [], made: 0, received: 0 }));
    return counts;
  };
  for (const { participantId } of backChannels) of(participantId).backChannels += 1;
  /** Turns that may still go on, and of those that are over the one that ended last. */
  let going: Turn[] = [];
  let ended: Turn | undefined;
  for (const turn of turns) {
    for (const one of going) if (one.endMs <= turn.startMs && one.endMs > (ended?.endMs ?? -Infinity)) ended = one;
    going = going.filter(({ endMs }) => endMs > turn.startMs);
    const mine = of(turn.participantId);
    mine.turnsMs.push(lengthOf(turn));
    const responseMs = responseTime(turn, going, ended);
    if (responseMs !== undefined) mine.responsesMs.push(responseMs);
    for (const other of going) {
      if (!interrupts(turn, other)) continue;
      mine.made += 1;
      of(other.participantId).received += 1;
    }
    going.push(turn);
  }
  return new Map([...people].map(([id, counts]) => [id, tell(counts)]));
}

/**
 * Whether a turn interrupts another: it begins while the other speaks and has done so for a while, the other stops before long,
 * and the turn goes on.
 */
function interrupts(turn: Turn, other: Turn): boolean {
  if (!takesOver(turn, other) || turn.startMs - other.startMs < THRESHOLDS.heldMs) return false;
  const overlapMs = other.endMs - turn.startMs;
  return overlapMs > THRESHOLDS.overlapMs && overlapMs <= THRESHOLDS.yieldMs;
}

/** Begins while the other speaks, and goes on when the other has stopped. */
function takesOver(turn: Turn, other: Turn): boolean {
  if (other.participantId === turn.participantId || turn.endMs <= other.endMs) return false;
  return other.parts.some(({ startMs, endMs }) => startMs <= turn.startMs && endMs > turn.startMs);
}

/** From the end of the turn before, another's, to the beginning of this one; negative where they overlap. */
function responseTime(turn: Turn, going: readonly Turn[], ended: Turn | undefined): number | undefined {
  const others = going.filter(({ participantId }) => participantId !== turn.participantId);
  if (others.length > 0) {
    const passed = others.filter((other) => takesOver(turn, other) && other.endMs - turn.startMs <= THRESHOLDS.yieldMs);
    if (passed.length < others.length) return undefined;
    return turn.startMs - Math.max(...passed.map(({ endMs }) => endMs));
  }
  if (!ended || ended.participantId === turn.participantId) return undefined;
  const gapMs = turn.startMs - ended.endMs;
  return gapMs <= THRESHOLDS.responseMs ? gapMs : undefined;
}

function tell({ turnsMs, backChannels, responsesMs, made, received }: Counts): Omit<ReportInterplay, 'overlapMs'> {
  return {
    turns: turnsMs.length,
    medianTurnMs: median(turnsMs) ?? null,
    longestTurnMs: turnsMs.length > 0 ? turnsMs.reduce((a, b) => Math.max(a, b), 0) : null,
    backChannels,
    responses: responsesMs.length,
    medianResponseMs: median(responsesMs) ?? null,
    interruptionsMade: made,
    interruptionsReceived: received,
  };
}
