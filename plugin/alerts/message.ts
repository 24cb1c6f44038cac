import type { CheckedRule } from './rules.ts';
import type { WatchChange } from './reduceWatch.ts';

const rounded = (value: number) => String(Math.round(value * 100) / 100);

/** An alert for people. It says what cues suggest, never what somebody feels. */
export function messageOf(rule: CheckedRule, { state, reason, alert, value }: WatchChange): string {
  const { about, measure, label, above, below } = rule;
  const what = measure === 'label' ? JSON.stringify(label) : measure;
  const asked = above === undefined ? `${rounded(below ?? 0)} or less` : `${rounded(above)} or more`;
  const where = about === 'aggregate' ? ' over the room' : '';
  if (state === 'raised') {
    const times = alert.results === 1 ? '' : ` in ${alert.results} results in a row`;
    return `Expression cues suggest ${what} of ${asked}${where}${times}; the newest is ${rounded(value)}.`;
  }
  const why = {
    eased: `the newest result is ${rounded(value)}`,
    revised: 'a result was revised',
    silent: 'no result has come for a while',
    left: 'the participant has left',
  }[reason ?? 'eased'];
  return `Expression cues no longer suggest ${what} of ${asked}${where}: ${why}.`;
}
