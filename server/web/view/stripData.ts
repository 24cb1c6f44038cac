import type { EmotionFinal } from '../../../plugin/events/contract/v1/types.ts';

/** More would not be told apart in a strip. */
const MAX_SERIES = 7;
/** Height at which abstentions are drawn. */
const MIDDLE = 0.5;

export interface StripData {
  /** Labels from the bottom of the stack to its top; the last may be `other`. */
  labels: string[];
  /** Whether probabilities add up to 1 and are stacked; else each has its own line. */
  stacked: boolean;
  /** Wall time in seconds, ascending. */
  x: number[];
  /** One row a label: the upper edge of its layer when stacked, else its probability. Null between utterances. */
  edges: (number | null)[][];
  /** -3 to 3. Null between utterances. */
  sentiment: (number | null)[];
  /** 0.5 where somebody spoke and the model would not say what was expressed, else null. */
  abstained: (number | null)[];
}

function newest(finals: readonly EmotionFinal[]): EmotionFinal | undefined {
  return finals.at(-1);
}

/** Labels by their share of the time shown, the largest first, so that it rests on the ground line. */
function rank(finals: readonly EmotionFinal[]): string[] {
  const shares = new Map<string, number>();
  for (const { labels, span } of finals) {
    for (const { name, p } of labels) shares.set(name, (shares.get(name) ?? 0) + p * (span.endMs - span.startMs));
  }
  return [...shares].sort(([a, x], [b, y]) => y - x || a.localeCompare(b)).map(([name]) => name);
}

/**
 * Turns finals into the columns of a chart: a block for each utterance, nothing between them. Only results of the label
 * set in force are drawn. Of abstained ones only the time is: what the model would not say is not shown as if it had.
 *
 * @param finals - oldest first
 */
export function stripData(finals: readonly EmotionFinal[], fromMs: number): StripData {
  const hash = newest(finals)?.labelSet.hash;
  const shown = finals.filter(({ span, labelSet }) => span.endMs >= fromMs && labelSet.hash === hash);
  const stacked = newest(finals)?.labelSet.kind !== 'multi';
  const ranked = rank(shown);
  const own = ranked.length > MAX_SERIES ? ranked.slice(0, MAX_SERIES - 1) : ranked;
  const rest = stacked && own.length < ranked.length;
  const labels = rest ? [...own, 'other'] : own;
  const x: number[] = [];
  const edges: (number | null)[][] = labels.map(() => []);
  const sentiment: (number | null)[] = [];
  const abstentions: (number | null)[] = [];

  function push(atMs: number, values: readonly (number | null)[], feeling: number | null, unsaid: number | null): void {
    // Two utterances may touch; a chart wants its times to ascend.
    x.push(Math.max(atMs / 1_000, (x.at(-1) ?? -Infinity) + 0.001));
    values.forEach((value, index) => edges[index]!.push(value));
    sentiment.push(feeling);
    abstentions.push(unsaid);
  }

  const nothing = labels.map(() => null);
  for (const { labels: scores, span, sentiment: feeling, abstained } of shown) {
    if (abstained !== undefined) {
      push(span.startMs, nothing, null, MIDDLE);
      push(span.endMs, nothing, null, MIDDLE);
      push(span.endMs + 1, nothing, null, null);
      continue;
    }
    const p = new Map(scores.map((score) => [score.name, score.p]));
    let sum = 0;
    const values = labels.map((name, index) => {
      const value = rest && index === labels.length - 1 ? 1 - sum : (p.get(name) ?? 0);
      sum += value;
      return stacked ? Math.min(1, sum) : value;
    });
    push(span.startMs, values, feeling, null);
    push(span.endMs, values, feeling, null);
    push(span.endMs + 1, nothing, null, null);
  }
  return { labels, stacked, x, edges, sentiment, abstained: abstentions };
}
