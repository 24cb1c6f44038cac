import type { MeetingLane } from './lanesOf.ts';

type Bucket = MeetingLane['buckets'][number];

/**
 * The lane in stretches that are `times` as long. Means weigh by how much was spoken, as those of the lane itself do; a stretch
 * whose results all abstained has none.
 */
export function coarser(lane: MeetingLane, times: number): MeetingLane {
  if (times <= 1) return lane;
  const found = new Map<number, { bucket: Bucket; weight: number }>();
  for (const { i, n, speechMs, p, sentiment } of lane.buckets) {
    const into = Math.floor(i / times);
    const entry = found.get(into) ?? { bucket: { i: into, n: 0, speechMs: 0, p: [], sentiment: 0 }, weight: 0 };
    found.set(into, entry);
    const { bucket } = entry;
    bucket.n += n;
    bucket.speechMs += speechMs;
    if (!p.some((one) => one > 0)) continue;
    const weight = Math.max(1, speechMs);
    entry.weight += weight;
    bucket.p = p.map((one, index) => (bucket.p[index] ?? 0) + one * weight);
    bucket.sentiment += sentiment * weight;
  }
  return {
    ...lane,
    bucketMs: lane.bucketMs * times,
    buckets: [...found.values()].map(({ bucket, weight }) => ({
      ...bucket,
      p: bucket.p.map((sum) => sum / weight),
      sentiment: weight > 0 ? bucket.sentiment / weight : 0,
    })),
  };
}
