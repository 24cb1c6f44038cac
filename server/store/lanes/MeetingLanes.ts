import type { Lane } from '../PageTypes.ts';
import type { LaneResult } from './LaneResult.ts';
import { LaneSums } from './LaneSums.ts';
import { bucketMsFor, keptMsFor, keptWith, nextWidth, WHOLE } from './widths.ts';

type Buckets = Map<number, LaneSums>;

/** Names of a set of labels, in the order of its values. Sets are held in the order in which they were first told. */
export type LabelSets = ReadonlyMap<string, readonly string[]>;

/** One bucket of what is kept. */
export interface KeptBucket<K> {
  participant: K;
  widthMs: number;
  i: number;
  sums: LaneSums;
}

const MODALITIES = ['audio', 'video', 'text'] as const;

/**
 * The sums from which the lanes of a meeting are made, or a part of them: result by result while the meeting runs, so that nobody has
 * to go through all of its events.
 *
 * @typeParam K - by what participants are known
 */
export class MeetingLanes<K> {
  readonly #startMs: number;
  #widthMs: number;
  readonly #byParticipant = new Map<K, Map<number, Buckets>>();

  /** @param widthMs the width that is kept so far */
  constructor(startMs: number, widthMs: number) {
    this.#startMs = startMs;
    this.#widthMs = widthMs;
  }

  get widthMs(): number {
    return this.#widthMs;
  }

  /** Which bucket of that width something falls into. */
  place(atMs: number, widthMs: number): number {
    return widthMs === WHOLE ? 0 : Math.max(0, Math.floor((atMs - this.#startMs) / widthMs));
  }

  put({ participant, widthMs, i, sums }: KeptBucket<K>): void {
    this.#buckets(participant, widthMs).set(i, sums);
  }

  *buckets(): Generator<KeptBucket<K>> {
    for (const [participant, byWidth] of this.#byParticipant) {
      for (const [widthMs, buckets] of byWidth) {
        for (const [i, sums] of buckets) yield { participant, widthMs, i, sums };
      }
    }
  }

  /** Adds a final result. @param former the one that it revises */
  add(participant: K, result: LaneResult, former: LaneResult | undefined): void {
    if (former) this.remove(participant, former);
    for (const widthMs of keptWith(this.#widthMs)) {
      const sums = this.#sums(participant, widthMs, result.startMs);
      sums.tell(result.set);
      sums.count(result);
    }
  }

  /** Takes a final result out again. */
  remove(participant: K, former: LaneResult): void {
    for (const widthMs of keptWith(this.#widthMs)) this.#sums(participant, widthMs, former.startMs).count(former, -1);
  }

  /** Puts buckets together for a meeting that has become so long. */
  widen(lengthMs: number): void {
    const widthMs = keptMsFor(lengthMs);
    while (this.#widthMs < widthMs) {
      const next = nextWidth(this.#widthMs)!;
      for (const byWidth of this.#byParticipant.values()) {
        const wider = keptWith(next).map((width): [number, Buckets] => [width, together(byWidth, width)]);
        byWidth.clear();
        for (const [width, buckets] of wider) byWidth.set(width, buckets);
      }
      this.#widthMs = next;
    }
  }

  /** What a page shows of a meeting of that length; of one set of labels, that of most of the results. */
  lanes(lengthMs: number, sets: LabelSets, nameOf: (participant: K) => string | undefined): Lane[] {
    this.widen(lengthMs);
    const bucketMs = Math.max(this.#widthMs, bucketMsFor(lengthMs));
    const shown = this.#mostTold(sets);
    const lanes: Lane[] = [];
    for (const [participant, byWidth] of this.#byParticipant) {
      const whole = byWidth.get(WHOLE)?.get(0);
      const participantId = nameOf(participant);
      if (!whole || whole.utterances === 0 || participantId === undefined) continue;
      const [audio, video, text] = MODALITIES.map((_, index) => whole.share(index as 0 | 1 | 2));
      lanes.push({
        participantId,
        bucketMs,
        labels: [...(sets.get(shown) ?? [])],
        utterances: whole.utterances,
        abstained: whole.abstained,
        speechMs: whole.speechMs,
        ...whole.means(shown),
        coverage: { audio: audio!, video: video!, text: text! },
        buckets: [...together(byWidth, bucketMs)]
          .filter(([, { utterances }]) => utterances > 0)
          .sort(([a], [b]) => a - b)
          .map(([i, sums]) => ({ i, n: sums.utterances, speechMs: sums.roundedSpeechMs, ...sums.means(shown) })),
      });
    }
    return lanes;
  }

  #mostTold(sets: LabelSets): string {
    const told = new Map([...sets.keys()].map((set) => [set, 0]));
    for (const byWidth of this.#byParticipant.values()) {
      for (const [set, results] of byWidth.get(WHOLE)?.get(0)?.told ?? []) {
        told.set(set, (told.get(set) ?? 0) + results);
      }
    }
    return [...told].reduce((most, one) => (one[1] > most[1] ? one : most), ['', 0])[0];
  }

  #sums(participant: K, widthMs: number, atMs: number): LaneSums {
    const buckets = this.#buckets(participant, widthMs);
    const i = this.place(atMs, widthMs);
    const sums = buckets.get(i) ?? new LaneSums();
    buckets.set(i, sums);
    return sums;
  }

  #buckets(participant: K, widthMs: number): Buckets {
    const byWidth = this.#byParticipant.get(participant) ?? new Map<number, Buckets>();
    this.#byParticipant.set(participant, byWidth);
    const buckets = byWidth.get(widthMs) ?? new Map<number, LaneSums>();
    byWidth.set(widthMs, buckets);
    return buckets;
  }
}

/** Buckets of a width, out of the widest of those that fit into it. */
function together(byWidth: ReadonlyMap<number, Buckets>, widthMs: number): Buckets {
  const same = byWidth.get(widthMs);
  if (same) return same;
  const from = Math.max(...[...byWidth.keys()].filter((width) => widthMs % width === 0));
  const wider: Buckets = new Map();
  for (const [i, sums] of byWidth.get(from) ?? []) {
    const place = Math.floor((i * from) / widthMs);
    const into = wider.get(place) ?? new LaneSums();
    into.merge(sums);
    wider.set(place, into);
  }
  return wider;
}
