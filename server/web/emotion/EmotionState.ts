import type {
  AnalysisState,
  EmotionFinal,
  EmotionInterim,
  Modality,
  Overload,
  PerModality,
} from '../../../plugin/events/contract/v1/types.ts';

/** A result about one utterance; an interim one may still change. */
export type Reading = EmotionInterim | EmotionFinal;

export interface ParticipantState {
  participantId: string;
  /** What they allow. */
  consent: PerModality;
  /** What really flows into the analyzer. */
  analysed: PerModality;
  /** Number of the event that said so: an older one must not undo a newer. */
  consentSeq: number;
  /** Utterances that are open now. */
  open: readonly string[];
  /** The newest result. */
  current?: Reading;
  /** Finals, oldest first, one an utterance. */
  finals: readonly EmotionFinal[];
  /** When results were last taken back, and what had been withdrawn. */
  retracted?: { atMs: number; modalities: readonly Modality[] };
}

/** One utterance in the transcript. */
export interface TranscriptLine {
  utteranceId: string;
  participantId: string;
  startMs: number;
  /** `withdrawn`: results and words are forgotten, only the place is kept. */
  status: 'open' | 'closed' | 'withdrawn';
  reading?: Reading;
}

/** All that the page knows from the events of one room. */
export interface EmotionState {
  analysis: { state: AnalysisState; reason?: string; seq: number };
  overload: { level: number; dropped?: Overload['dropped']; seq: number };
  /** The last thing that went wrong in the analysis. */
  problem?: { code: string; message: string; atMs: number };
  participants: Readonly<Record<string, ParticipantState>>;
  /** Oldest first. */
  lines: readonly TranscriptLine[];
  /** Never shown again, whatever arrives late. */
  retracted: ReadonlySet<string>;
}

export const NOTHING: PerModality = { audio: false, video: false, text: false };

export const INITIAL: EmotionState = {
  analysis: { state: 'starting', seq: 0 },
  overload: { level: 0, seq: 0 },
  participants: {},
  lines: [],
  retracted: new Set(),
};

export function emptyParticipant(participantId: string): ParticipantState {
  return { participantId, consent: NOTHING, analysed: NOTHING, consentSeq: 0, open: [], finals: [] };
}
