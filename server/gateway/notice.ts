import type { Config } from '../config/schema.ts';

/** What a participant is told before they are asked. */
export interface Notice {
  /** Sent back with the consent: another text is another question. */
  version: string;
  title: string;
  /** One paragraph each. */
  text: string[];
  visibility: Config['visibility'];
}

/** Changes with the wording. */
const WORDING = '2026-11';

/** The notice for this server's settings. Its version differs wherever its text does. */
export function noticeFor({ visibility, analysis }: Pick<Config, 'visibility' | 'analysis'>): Notice {
  const seenBy = visibility === 'room' ? 'Everybody in this call sees your results.' : 'Only you see your results.';
  const words = analysis.includeTranscript
    ? 'A result carries the words that it rests on.'
    : 'Results do not carry your words.';
  return {
    version: `${WORDING}-${visibility}${analysis.includeTranscript ? '-words' : ''}`,
    title: 'May this call look for expression cues?',
    text: [
      'You choose, one by one, whether your voice, your picture and your words are analysed. Nothing is analysed until you say yes, and the call works the same if you say no.',
      'Results say what expression cues suggest. They are estimates about how you sound, look and put things; they are often wrong and do not say what you feel.',
      `${seenBy} ${words}`,
      'Sound and picture are analysed on this server while you speak and are never stored. Nobody is recognised by face or voice.',
      'You can withdraw at any time with one click: analysis stops at once, and results that rest on what you withdrew are taken back.',
    ],
    visibility,
  };
}
