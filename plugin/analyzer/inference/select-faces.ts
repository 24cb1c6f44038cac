import type { FaceObservation } from './tokens.ts';

/**
 * At most `max` observations in the order of time: the span is cut into `max` equal stretches and each gives its best
 * face, so that the choice covers the whole utterance; places left over by empty stretches go to the best of the rest.
 */
export function selectFaces(faces: readonly FaceObservation[], max: number): FaceObservation[] {
  const inTime = faces.toSorted((a, b) => a.atMs - b.atMs);
  if (inTime.length <= max) return inTime;
  const startMs = inTime[0]!.atMs;
  const spanMs = Math.max(1, inTime.at(-1)!.atMs - startMs);
  const best = new Map<number, FaceObservation>();
  for (const face of inTime) {
    const stretch = Math.min(max - 1, Math.floor(((face.atMs - startMs) / spanMs) * max));
    const held = best.get(stretch);
    if (!held || face.quality > held.quality) best.set(stretch, face);
  }
  const chosen = new Set(best.values());
  const rest = inTime.filter((face) => !chosen.has(face)).sort((a, b) => b.quality - a.quality);
  for (const face of rest.slice(0, max - chosen.size)) chosen.add(face);
  return inTime.filter((face) => chosen.has(face));
}
