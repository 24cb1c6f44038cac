import type { ParticipantReport } from '../../../plugin/events/contract/v1/types.ts';
import { formatMs } from '../timeline/view.ts';
import { MODALITIES, MODALITY_NAMES, percent } from '../view/wording.ts';

const NONE = '–';

export function seconds(ms: number | null): string {
  return ms === null ? NONE : `${(ms / 1_000).toFixed(1)}\u202fs`;
}

export function length(ms: number | null): string {
  return ms === null ? NONE : formatMs(ms, 0);
}

export function share(value: number | null | undefined): string {
  return value === null || value === undefined ? NONE : percent(value);
}

/** A figure of a person's report: its name, and what it says. */
export interface Figure {
  name: string;
  of: (report: ParticipantReport) => string;
}

/** How long people spoke, and how they took turns. */
export const TALK: readonly Figure[] = [
  { name: 'talk time', of: ({ talk }) => length(talk.talkMs) },
  { name: 'of the meeting', of: ({ talk }) => share(talk.shareOfMeeting) },
  { name: 'utterances', of: ({ talk }) => String(talk.utterances) },
  { name: 'turns', of: ({ interplay }) => (interplay ? String(interplay.turns) : NONE) },
  { name: 'median turn', of: ({ interplay }) => seconds(interplay?.medianTurnMs ?? null) },
  { name: 'back-channels', of: ({ interplay }) => (interplay ? String(interplay.backChannels) : NONE) },
  { name: 'overlap', of: ({ interplay }) => length(interplay?.overlapMs ?? null) },
  { name: 'median response', of: ({ interplay }) => seconds(interplay?.medianResponseMs ?? null) },
];

/** What results rest on, and how sure they are. */
export const COVERAGE: readonly Figure[] = [
  { name: 'clear results', of: ({ coverage }) => share(coverage.clearShare) },
  { name: 'no result', of: ({ coverage }) => share(coverage.withoutResult.share) },
  ...MODALITIES.map((modality): Figure => ({
    name: `rests on ${MODALITY_NAMES[modality]}`,
    of: ({ coverage }) => share(coverage.modalities[modality]?.usedShare),
  })),
  { name: 'confidence', of: ({ confidence }) => share(confidence?.mean) },
];
