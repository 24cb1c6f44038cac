/** What belongs to each person, in the order given. */
export function byPerson<T extends { participantId: string }>(all: Iterable<T>): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const one of all) {
    const theirs = found.get(one.participantId);
    if (theirs) theirs.push(one);
    else found.set(one.participantId, [one]);
  }
  return found;
}
