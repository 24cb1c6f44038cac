import type { WithheldReason } from '../events/contract/v1/types.ts';

/** Whose analytics somebody may see; as a token's scopes tell it. */
export interface ReportView {
  /** Everybody's, one by one (`room:all`). */
  all: boolean;
  /** Those of these participants (`self`, `participant:<id>`). */
  subjects: ReadonlySet<string>;
  /** Means over the room (`room:aggregate`). */
  aggregate: boolean;
}

/** The view of somebody who holds all the events, and so could work out all of it anyway. */
export const EVERYBODY: ReportView = Object.freeze({ all: true, subjects: new Set<string>(), aggregate: true });

/** The view of one participant on their own results. */
export function ownView(participantId: string): ReportView {
  return { all: false, subjects: new Set([participantId]), aggregate: false };
}

/** Whether the meeting allows that anything is told of several people together. */
export interface Circumstances {
  /** People who spoke. */
  people: number;
  /** Nobody may learn about fewer than these. */
  k: number;
  /** Whether no more events come. */
  over: boolean;
  takenBack: boolean;
}

/**
 * Why figures that rest on several people are kept from a view; undefined where they are not.
 *
 * Who knows their own part can take it out, so there have to be k others. While a meeting goes on its figures are made again and
 * again, and what lies between two of them would be somebody's; the same holds for those from before and after something
 * was taken back (docs/architecture.md, "The room as a whole").
 */
export function groupProblem(
  view: ReportView,
  { people, k, over, takenBack }: Circumstances,
): WithheldReason | undefined {
  if (view.all) return undefined;
  if (people < k + 1) return 'too-few-people';
  if (!over) return 'not-over';
  return takenBack ? 'taken-back' : undefined;
}

/** Why means over the room are kept from a view, whatever the meeting. */
export function roomProblem({ all, subjects, aggregate }: ReportView): WithheldReason | undefined {
  if (all) return undefined;
  if (!aggregate) return 'not-allowed';
  // Nobody gets means along with results of single others: taking these out leaves too few.
  return subjects.size > 1 ? 'others-seen' : undefined;
}
