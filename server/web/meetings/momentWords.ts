import type { ReportMoment } from '../../../plugin/events/contract/v1/types.ts';
import { percent, signed } from '../view/wording.ts';
import type { Filter } from './Filter.ts';

/** A moment of change as a sentence. Results changed there, for whatever reason; what anybody felt is not known. */
export function momentSentence({ of, changed }: ReportMoment): string {
  if (of === 'sentiment') {
    const { before, after } = changed[0]!;
    return `expression cues suggest a more ${after > before ? 'positive' : 'negative'} sentiment (${signed(before)} → ${signed(after)})`;
  }
  const told = [...changed].sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before));
  const parts = told.map(
    ({ name, before, after }) => `${after > before ? 'more' : 'less'} ${name} (${percent(before)} → ${percent(after)})`,
  );
  return `expression cues suggest ${parts.join(', ')}`;
}

/** Whether a moment has to do with the labels that are shown. */
export function isOfLabels({ labels }: Filter, { of, changed }: ReportMoment): boolean {
  return labels.length === 0 || (of === 'labels' && changed.some(({ name }) => labels.includes(name)));
}
