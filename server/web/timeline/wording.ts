/** What the windows did, in words. */
import type { TraceFace, TraceWindow } from '../../../plugin/events/trace/TraceTypes.ts';
import { sentimentText, shortReading } from '../view/wording.ts';
import type { Moment } from './facts.ts';
import { formatMs } from './view.ts';

const CLOSED: Record<string, string> = {
  silence: 'silence',
  words: 'final words',
  'max-length': 'longest length',
  mute: 'mute',
  leave: 'leaving',
  consent: 'withdrawn consent',
  gap: 'gap in the sound',
  pause: 'pause',
  shutdown: 'end of the analysis',
};

/** What closed a window, in few words. */
export function closedBy({ closed, discarded }: TraceWindow): string {
  if (discarded) return 'discarded';
  return closed ? (CLOSED[closed.by] ?? closed.by) : 'open';
}

export function windowText(window: TraceWindow): string {
  if (window.discarded) return 'discarded: too short, and without words';
  const opened = `opened by ${window.opened.by}`;
  if (!window.closed || window.endMs === undefined) return `${opened}, still open`;
  const waitedMs = Math.round(window.closed.atMs - window.endMs);
  return `${opened}, closed by ${closedBy(window)}${waitedMs > 0 ? `, known ${waitedMs} ms after its end` : ''}`;
}

export function faceText({ quality, reasons }: TraceFace): string {
  if (quality === null) return 'no face';
  return `quality ${quality.toFixed(2)}${reasons.length > 0 ? ` (${reasons.join(', ')})` : ''}`;
}

const GAPS: Record<string, string> = {
  dtx: 'sender silent (DTX)',
  loss: 'packets lost',
  'long-gap': 'stream stopped',
};

export function gapText(reason: string): string {
  return GAPS[reason] ?? reason;
}

/** Name and value of everything that is known of a moment. */
export function momentFacts(moment: Moment): [name: string, value: string][] {
  const { level, speech, judgedSpeech, gap, window, words, face, result } = moment;
  const unplaced = words.filter(({ utteranceId }) => utteranceId === null);
  const facts: [string, string | undefined][] = [
    ['level', level === undefined ? gap && gapText(gap) : `${level.toFixed(0).replace('-', '\u2212')} dBFS`],
    ['speech', speech === undefined ? undefined : `${speech.toFixed(2)}${judgedSpeech ? ', judged speech' : ''}`],
    ['gap', level !== undefined && gap ? gapText(gap) : undefined],
    ['window', window && windowText(window)],
    ['word', words.length > 0 ? words.map(wordText).join(' ') : undefined],
    ['found no window', unplaced.length > 0 ? unplaced.map(({ text }) => text).join(' ') : undefined],
    ['face', face && faceText(face)],
    [
      result?.type === 'emotion.interim' ? 'cues so far suggest' : 'cues suggest',
      result && `${shortReading(result)}${result.abstained ? '' : `, ${sentimentText(result.sentiment)}`}`,
    ],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== undefined);
}

function wordText({ text, final }: { text: string; final: boolean }): string {
  return final ? text : `${text} (interim)`;
}

/** A moment as one sentence, for those who hear the page. */
export function momentSentence(moment: Moment, atMs: number): string {
  const facts = momentFacts(moment).map(([name, value]) => `${name} ${value}`);
  return `${formatMs(atMs, 1)}: ${facts.join('; ') || 'nothing'}`;
}
