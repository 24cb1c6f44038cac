import type { MeetingReport, ParticipantReport } from '../../../plugin/events/contract/v1/types.ts';

/** How much of something a label has, 0 to 1. */
export interface Share {
  name: string;
  share: number;
}

/** The shares of one label set. */
export interface SetShares {
  setId: string;
  hash: string;
  shares: Share[];
}

/** How often each label led in somebody's speech, and where that cannot be told how strong it was, for each label set. */
export function sharesOfPerson({ expressions }: ParticipantReport): SetShares[] {
  return expressions.map(({ labelSet, labels, unclearShare }) => {
    const led = labels.every((label) => label.share !== null);
    const shares = labels.map(({ name, share, mean }) => ({ name, share: share ?? mean }));
    const unclear = led && unclearShare > 0 ? [{ name: 'not clear', share: unclearShare }] : [];
    return { setId: labelSet.id ?? 'own words', hash: labelSet.hash, shares: [...shares, ...unclear] };
  });
}

/** Means over everybody; nothing where they are withheld. */
export function sharesOfRoom({ room }: MeetingReport): SetShares | undefined {
  if (!room) return undefined;
  const { labelSet, labels } = room;
  const shares = labels.map(({ name, p }) => ({ name, share: p })).sort((a, b) => (a.name < b.name ? -1 : 1));
  return { setId: labelSet.id ?? 'own words', hash: labelSet.hash, shares };
}
