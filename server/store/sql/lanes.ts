import type { EmotionFinal, Modality } from '../../../plugin/events/contract/v1/types.ts';
import type { Queries, Row } from '../database/DatabaseTypes.ts';
import type { Lane, LaneBucket } from '../PageTypes.ts';
import type { Meeting, StoredEvent } from '../StoreTypes.ts';

/** A lane has at most so many stretches: no page is wider. */
const MOST_BUCKETS = 720;
const WIDTHS_MS = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 3_600].map((seconds) => seconds * 1_000);
const MODALITIES: readonly Modality[] = ['audio', 'video', 'text'];

/** What a lane needs of a result. */
interface Result {
  participantId: string;
  startMs: number;
  lengthMs: number;
  speechMs: number;
  set: string;
  p: readonly number[];
  sentiment: number;
  abstained: boolean;
  used: readonly Modality[];
}

const round = (value: number, digits: number) => Math.round(value * 10 ** digits) / 10 ** digits;

function bucketMsFor(lengthMs: number): number {
  return WIDTHS_MS.find((width) => lengthMs / width <= MOST_BUCKETS) ?? WIDTHS_MS.at(-1)! * Math.ceil(lengthMs / 2.6e9);
}

/** Means weighted by length: a long utterance says more than a short one. */
class Mean {
  #weight = 0;
  #sentiment = 0;
  #p: number[] = [];

  add({ lengthMs, p, sentiment }: Result): void {
    const weight = Math.max(lengthMs, 1);
    this.#weight += weight;
    this.#sentiment += weight * sentiment;
    p.forEach((value, index) => (this.#p[index] = (this.#p[index] ?? 0) + weight * value));
  }

  get value(): { p: number[]; sentiment: number } {
    const weight = this.#weight || 1;
    return { p: this.#p.map((sum) => round(sum / weight, 3)), sentiment: round(this.#sentiment / weight, 2) };
  }
}

/** Collects the results of a meeting: of each utterance the latest revision. */
class Results {
  readonly #byUtterance = new Map<string, Result>();
  readonly #names = new Map<string, { names: string[]; results: number }>();

  add({ json }: StoredEvent): void {
    const final = JSON.parse(json) as EmotionFinal;
    const { hash } = final.labelSet;
    const set = this.#names.get(hash) ?? { names: final.labels.map(({ name }) => name).sort(), results: 0 };
    set.results += 1;
    this.#names.set(hash, set);
    const p = new Map(final.labels.map((label) => [label.name, label.p]));
    this.#byUtterance.set(final.utteranceId, {
      participantId: final.participantId,
      startMs: final.span.startMs,
      lengthMs: final.span.endMs - final.span.startMs,
      speechMs: final.modalities.audio.speechMs,
      set: hash,
      p: set.names.map((name) => p.get(name) ?? 0),
      sentiment: final.sentiment,
      abstained: final.abstained !== undefined,
      used: MODALITIES.filter((modality) => final.modalities[modality].used),
    });
  }

  /**
   * A lane shows one set of labels: that of most of the results.
   * @param modalities - only results that rest on all of these
   */
  lanes({ startMs, endMs, lastMs }: Meeting, modalities: readonly Modality[]): Lane[] {
    const bucketMs = bucketMsFor((endMs ?? lastMs) - startMs);
    const [set, shown] = [...this.#names].sort(([, a], [, b]) => b.results - a.results)[0] ?? ['', { names: [] }];
    const resting = [...this.#byUtterance.values()].filter(({ used }) => modalities.every((one) => used.includes(one)));
    const byParticipant = Map.groupBy(resting, ({ participantId }) => participantId);
    return [...byParticipant].map(([participantId, results]) => {
      const mean = new Mean();
      const buckets = new Map<number, { bucket: LaneBucket; mean: Mean }>();
      for (const result of results) {
        const i = Math.max(0, Math.floor((result.startMs - startMs) / bucketMs));
        const entry = buckets.get(i) ?? {
          bucket: { i, n: 0, speechMs: 0, p: [], sentiment: 0 },
          mean: new Mean(),
        };
        buckets.set(i, entry);
        entry.bucket.n += 1;
        entry.bucket.speechMs += Math.round(result.speechMs);
        if (result.abstained || result.set !== set) continue;
        entry.mean.add(result);
        mean.add(result);
      }
      const share = (modality: Modality) =>
        round(results.filter(({ used }) => used.includes(modality)).length / results.length, 3);
      return {
        participantId,
        bucketMs,
        labels: shown.names,
        utterances: results.length,
        abstained: results.filter(({ abstained }) => abstained).length,
        speechMs: Math.round(results.reduce((sum, { speechMs }) => sum + speechMs, 0)),
        ...mean.value,
        coverage: { audio: share('audio'), video: share('video'), text: share('text') },
        buckets: [...buckets.values()]
          .sort((a, b) => a.bucket.i - b.bucket.i)
          .map((entry) => ({ ...entry.bucket, ...entry.mean.value })),
      };
    });
  }
}

/**
 * Works out the lanes of a meeting from its final results, which are to come in their order.
 * @param modalities - only of results that rest on all of these
 */
export async function makeLanes(
  meeting: Meeting,
  finals: AsyncIterable<StoredEvent>,
  modalities: readonly Modality[] = [],
): Promise<Lane[]> {
  const results = new Results();
  for await (const final of finals) results.add(final);
  return results.lanes(meeting, modalities);
}

/** Keeps lanes, so that a page opens at once. The participant's name stays where it is. */
export async function writeLanes(queries: Queries, meeting: number, lanes: readonly Lane[]): Promise<void> {
  await queries.run('DELETE FROM lanes WHERE meeting = ?', [meeting]);
  for (const { participantId, ...lane } of lanes) {
    await queries.run(
      `INSERT INTO lanes (meeting, participant, bucket_ms, json)
       SELECT meeting, key, CAST(? AS DOUBLE PRECISION), CAST(? AS TEXT) FROM participants WHERE meeting = ? AND participant_id = ?`,
      [lane.bucketMs, JSON.stringify(lane), meeting, participantId],
    );
  }
}

export async function readLanes(queries: Pick<Queries, 'all'>, meeting: number): Promise<Lane[]> {
  const rows = await queries.all<Row & { participant_id: string; json: string }>(
    `SELECT participant_id, json FROM lanes JOIN participants ON participants.key = lanes.participant
     WHERE lanes.meeting = ? ORDER BY lanes.participant`,
    [meeting],
  );
  return rows.map(({ participant_id: participantId, json }) => ({
    participantId,
    ...(JSON.parse(json) as Omit<Lane, 'participantId'>),
  }));
}
