import type { CheckedRule } from './rules.ts';

/** One result, as far as a rule looks at it. */
export interface Sample {
  /** Of the utterance, or of the event with means. */
  id: string;
  startMs: number;
  endMs: number;
  /** Of the label set: values of a label compare only within one. */
  hash: string;
  /** Undefined where the result has no such measure or label. */
  value: number | undefined;
}

/** Whether a value is what the rule asks for; `eased` by the margin, as for an alert that is raised. */
export function reaches({ above, below, margin }: CheckedRule, value: number | undefined, eased: boolean): boolean {
  if (value === undefined) return false;
  const slack = eased ? margin : 0;
  if (above !== undefined) return value >= above - slack;
  return below !== undefined && value <= below + slack;
}

/**
 * The newest results in a row that are what the rule asks for.
 * @param samples - in the order of their times
 */
export function runOf(rule: CheckedRule, samples: readonly Sample[], eased: boolean): readonly Sample[] {
  let at = samples.length;
  const newest = samples.at(-1);
  while (at > 0) {
    const sample = samples[at - 1]!;
    const next = samples[at];
    if (!reaches(rule, sample.value, eased)) break;
    if (rule.measure === 'label' && sample.hash !== newest?.hash) break;
    if (next && next.startMs - sample.endMs > rule.maxGapMs) break;
    at -= 1;
  }
  return samples.slice(at);
}

/** Whether these results in a row are enough. */
export function suffices({ minResults, minMs }: CheckedRule, run: readonly Sample[]): boolean {
  const first = run[0];
  if (!first || run.length < minResults) return false;
  return Math.max(...run.map(({ endMs }) => endMs)) - first.startMs >= minMs;
}
