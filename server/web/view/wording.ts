/** How results are put into words. Never "is angry": a result is an estimate about what was expressed. */
import type { Modality, ModalityReason } from '../../../plugin/events/contract/v1/types.ts';
import type { Reading } from '../emotion/EmotionState.ts';

export const MODALITIES: readonly Modality[] = ['audio', 'video', 'text'];

export const MODALITY_NAMES: Record<Modality, string> = { audio: 'voice', video: 'face', text: 'words' };

const REASONS: Record<ModalityReason, string> = {
  'no-consent': 'not allowed',
  'no-track': 'nothing is sent',
  muted: 'muted',
  'no-words': 'no words came',
  'late-words': 'words came too late',
  'source-failed': 'the transcript has stopped',
  'no-speech': 'no speech heard',
  'no-face': 'no face in view',
  'poor-face': 'face not clear enough',
  'lost-packets': 'lost on the way',
  overload: 'server too busy',
  'decoder-unavailable': 'format not readable here',
};

/** Reasons that a later server may add are shown as they come. */
export function reasonText(reason: string | undefined): string {
  if (reason === undefined) return 'not used';
  return (REASONS as Record<string, string | undefined>)[reason] ?? reason.replaceAll('-', ' ');
}

export function percent(p: number): string {
  return `${Math.round(p * 100)}\u202f%`;
}

/** The leading label, or undefined when the model would not say. */
export function leading({ labels, abstained }: Reading): { name: string; p: number } | undefined {
  return abstained === undefined ? labels[0] : undefined;
}

const ABSTAINED: Record<string, string> = {
  'low-confidence': 'not clear enough to say',
  'no-modality': 'nothing to go by',
};

/** A reading in few words, e.g. `joy 62 %`. */
export function shortReading(reading: Reading): string {
  const lead = leading(reading);
  if (lead) return `${lead.name} ${percent(reading.confidence)}`;
  return ABSTAINED[reading.abstained ?? ''] ?? 'not clear enough to say';
}

/** A reading as a sentence, for those who hear the page. */
export function spokenReading(name: string, reading: Reading): string {
  if (!leading(reading)) return `${name}: ${shortReading(reading)}.`;
  return `${name}: expression cues suggest ${shortReading(reading)}, ${sentimentText(reading.sentiment)}.`;
}

export function sentimentText(sentiment: number): string {
  const size = Math.abs(sentiment);
  if (size < 0.35) return 'sentiment neutral';
  const strength = size < 1 ? 'slightly ' : size < 2 ? '' : 'strongly ';
  return `sentiment ${strength}${sentiment > 0 ? 'positive' : 'negative'}`;
}

export function signed(value: number): string {
  const text = Math.abs(value).toFixed(1);
  return text === '0.0' ? text : `${value > 0 ? '+' : '\u2212'}${text}`;
}

/** `voice, face and words`. */
export function listNames(modalities: readonly Modality[]): string {
  const names = modalities.map((modality) => MODALITY_NAMES[modality]);
  const last = names.pop();
  return names.length > 0 ? `${names.join(', ')} and ${last}` : (last ?? 'nothing');
}

const time = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

export function clockTime(wallMs: number): string {
  return time.format(wallMs);
}
