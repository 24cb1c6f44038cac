import type { Modality, PerModality } from '../../plugin/events/contract/v1/types.ts';

/** Every word that the components show: give some of them in another language as `text`. */
export interface NoticeText {
  modalities: Record<Modality, string>;
  /** Joins what is analysed: `voice, face and words`. */
  list: (names: readonly string[]) => string;
  /** Something of oneself is analysed. */
  analysed: (what: string) => string;
  /** Allowed, but nothing flows: muted, no camera, analysis paused. */
  allowed: string;
  nothing: string;
  stop: string;
  /** Withdrawing failed: it has to be seen, as the person believes it done. */
  stopFailed: string;
  /** Of somebody else. */
  analysedOf: (name: string, what: string) => string;
  nothingOf: (name: string) => string;
}

export const ENGLISH: NoticeText = {
  modalities: { audio: 'voice', video: 'face', text: 'words' },
  list: (names) => (names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`),
  analysed: (what) =>
    `Your ${what} ${/ and /.test(what) || what === 'words' ? 'are' : 'is'} analysed for expression cues`,
  allowed: 'Allowed, but nothing of you is analysed now',
  nothing: 'Nothing of you is analysed',
  stop: 'Stop analysing me',
  stopFailed: 'This could not be stopped just now. Try again, or leave the call.',
  analysedOf: (name, what) => `${name}: ${what} analysed`,
  nothingOf: (name) => `${name}: not analysed`,
};

const ORDER: readonly Modality[] = ['audio', 'video', 'text'];

export function anyOf(flags: PerModality): boolean {
  return ORDER.some((modality) => flags[modality]);
}

export function listOf(flags: PerModality, text: NoticeText): string {
  return text.list(ORDER.filter((modality) => flags[modality]).map((modality) => text.modalities[modality]));
}
