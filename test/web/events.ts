import type {
  ConsentChanged,
  EmotionFinal,
  EmotionInterim,
  EmotionRetracted,
  Modality,
} from '../../plugin/events/contract/v1/types.ts';
import { readGolden } from './golden.ts';

const final = readGolden('emotion.final') as EmotionFinal;
const interim = readGolden('emotion.interim') as EmotionInterim;
const retracted = readGolden('emotion.retracted') as EmotionRetracted;
const consent = readGolden('consent.changed') as ConsentChanged;

/** A final of the contract's golden file about another utterance, second by second. */
export function finalOf(utteranceId: string, startMs: number, fields: Partial<EmotionFinal> = {}): EmotionFinal {
  const span = { startMs, endMs: startMs + 1_000 };
  return { ...final, eventId: `final-${utteranceId}`, participantId: 'ada', utteranceId, span, ...fields };
}

export function interimOf(utteranceId: string, startMs: number): EmotionInterim {
  const span = { startMs, endMs: startMs + 500 };
  return { ...interim, eventId: `interim-${utteranceId}`, participantId: 'ada', utteranceId, span };
}

export function retractionOf(utteranceIds: string[], modalities: Modality[] = ['video']): EmotionRetracted {
  return { ...retracted, participantId: 'ada', utteranceIds, modalities };
}

export function consentOf(seq: number, video: boolean): ConsentChanged {
  const flags = { audio: false, video, text: false };
  return { ...consent, seq, participantId: 'ada', consent: flags, analysed: flags };
}
