import type { ModalityReason, ParticipantReport, ReportCoverage } from '../events/contract/v1/types.ts';
import { MODALITIES } from './Book.ts';
import { weightedMean } from './expressions.ts';
import { hasResult, isClear, leadersOf, namesIn, scoreOf, weightOf, type Said, type Scored } from './said.ts';
import { inOrder, shareOf, sumOf } from './statistics.ts';

const ABSTENTIONS = ['low-confidence', 'no-modality'] as const;

/** How much of what somebody said the figures rest on. @param said - theirs */
export function coverageOf(said: readonly Said[], open: number): ReportCoverage {
  const speechMs = sumOf(said, weightOf);
  const results = said.filter(hasResult);
  const part = (some: readonly Said[]) => shareOf(sumOf(some, weightOf), speechMs);
  const without = said.filter((one) => !hasResult(one));
  return {
    utterances: said.length,
    open,
    speechMs,
    clearShare: part(results.filter(isClear)),
    abstained: ABSTENTIONS.map((reason) => {
      const those = results.filter(({ result }) => result.abstained === reason);
      return { reason, utterances: those.length, share: part(those) };
    }).filter(({ utterances }) => utterances > 0),
    withoutResult: { utterances: without.length, share: part(without) },
    modalities: {
      text: modality(results, 'text'),
      audio: modality(results, 'audio'),
      video: modality(results, 'video'),
    },
  };
}

function modality(results: readonly Scored[], name: 'text' | 'audio' | 'video'): ReportCoverage['modalities']['text'] {
  const reasons = new Map<string, number>();
  const place = MODALITIES.indexOf(name);
  let usedMs = 0;
  for (const one of results) {
    const { used, reason } = one.result.modalities[place]!;
    if (used) usedMs += weightOf(one);
    if (reason !== undefined) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  return {
    usedShare: shareOf(usedMs, sumOf(results, weightOf)),
    reasons: [...reasons]
      .sort(([a], [b]) => inOrder(a, b))
      .map(([reason, count]) => ({ reason: reason as ModalityReason, results: count })),
  };
}

/** How sure the clear results are of their leading label. */
export function confidenceOf(results: readonly Scored[]): ParticipantReport['confidence'] {
  const clear = results.filter(isClear);
  if (clear.length === 0) return null;
  const mean = weightedMean(clear, ({ result }) => result.confidence);
  return { results: clear.length, mean: Math.min(1, mean) };
}

/** How far late words moved results, where an utterance has one from before them and one with them. */
export function agreementOf(results: readonly Scored[]): ParticipantReport['agreement'] {
  const pairs = results.flatMap((after) => {
    const { wordless } = after;
    const usesWords = after.result.modalities.some((how, place) => how.used && MODALITIES[place] === 'text');
    if (!wordless || !usesWords || wordless.set !== after.result.set) return [];
    return [{ before: { ...after, result: wordless }, after }];
  });
  if (pairs.length === 0) return { modalities: null, words: null };
  const compared = pairs.map(({ before, after }) => compare(before, after));
  const mean = (value: (one: (typeof compared)[number]) => number) => sumOf(compared, value) / compared.length;
  return {
    modalities: null,
    words: {
      utterances: compared.length,
      sameLeading: mean(({ same }) => (same ? 1 : 0)),
      sentimentShift: mean(({ shift }) => shift),
      distance: Math.min(
        1,
        mean(({ distance }) => distance),
      ),
    },
  };
}

function compare(before: Scored, after: Scored): { same: boolean; shift: number; distance: number } {
  const names = namesIn([before, after]);
  const sumsToOne = after.result.set.ref.kind === 'single' || after.result.set.ref.kind === 'ordinal';
  const apart = sumOf(names, (name) => Math.abs(scoreOf(before, name) - scoreOf(after, name)));
  return {
    same: new Set(leadersOf([before, after], names)).size === 1,
    shift: Math.abs(before.result.sentiment - after.result.sentiment),
    distance: apart / (sumsToOne ? 2 : names.length),
  };
}
