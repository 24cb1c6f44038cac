import { lengthOf, type Interval } from './intervals.ts';
import type { Said } from './said.ts';
import { THRESHOLDS } from './thresholds.ts';

/** What somebody says until they stop or another takes over. */
export interface Turn extends Interval {
  participantId: string;
  /** The utterances in it. */
  parts: Interval[];
}

export interface Turns {
  /** In the order of their starts. */
  turns: Turn[];
  backChannels: Said[];
}

/** Cuts a meeting into turns. @param said - in the order of their starts */
export function turnsOf(said: readonly Said[]): Turns {
  const longer = said.filter((one) => !isShort(one));
  const inside = insideOthers(said.filter(isShort), joined(longer));
  if (inside.size === 0) return { turns: joined(said), backChannels: [] };
  return { turns: joined(said.filter((one) => !inside.has(one))), backChannels: [...inside] };
}

function isShort(one: Said): boolean {
  const length = lengthOf(one);
  if (one.backChannelWords === true) return length <= THRESHOLDS.backChannelWordsMs;
  return length <= THRESHOLDS.backChannelMs;
}

/** Those that begin in somebody else's turn. */
function insideOthers(short: readonly Said[], turns: readonly Turn[]): Set<Said> {
  const found = new Set<Said>();
  let going: Turn[] = [];
  let next = 0;
  for (const one of short) {
    while (next < turns.length && turns[next]!.startMs < one.startMs) going.push(turns[next++]!);
    going = going.filter(({ endMs }) => endMs > one.startMs);
    if (going.some(({ participantId }) => participantId !== one.participantId)) found.add(one);
  }
  return found;
}

/** Joins the utterances of each over pauses in which nobody else spoke. */
function joined(said: readonly Said[]): Turn[] {
  const turns: Turn[] = [];
  const latest = new Map<string, Turn>();
  let recent: Said[] = [];
  for (const one of said) {
    recent = recent.filter(({ endMs }) => endMs >= one.startMs - THRESHOLDS.turnPauseMs);
    const before = latest.get(one.participantId);
    if (before && goesOn(before, one, recent)) {
      before.endMs = Math.max(before.endMs, one.endMs);
      before.parts.push(one);
    } else {
      const turn = { participantId: one.participantId, startMs: one.startMs, endMs: one.endMs, parts: [one] };
      latest.set(one.participantId, turn);
      turns.push(turn);
    }
    recent.push(one);
  }
  return turns;
}

function goesOn(turn: Turn, next: Said, recent: readonly Said[]): boolean {
  const pauseMs = next.startMs - turn.endMs;
  if (pauseMs <= 0) return true;
  if (pauseMs > THRESHOLDS.turnPauseMs) return false;
  const middleMs = turn.endMs + pauseMs / 2;
  return !recent.some(
    (other) => other.participantId !== next.participantId && other.startMs <= middleMs && other.endMs >= middleMs,
  );
}
