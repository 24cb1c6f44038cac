import type { ModelInfo, UtteranceResult } from '../analyzer/protocol.ts';
import type { RecordedSignal } from '../analyzer/recording-protocol.ts';
import type { EmotionFinal, EmotionInterim, UtteranceEnd, UtteranceStart } from '../events/contract/v1/types.ts';
import { stableId } from '../events/stable-id.ts';

/** What an analysed recording consists of. */
export type RecordedEvent = EmotionFinal | UtteranceStart | UtteranceEnd;

export interface RecordedRoom {
  roomId: string;
  /** Ids of events follow from it. */
  seed: string;
  model: ModelInfo;
  /** Wall time at which the recording began; 0 leaves times as they count from its beginning. */
  startedMs: number;
  includeTranscript: boolean;
}

/** Numbers what happened in a recording: events of one room. */
export class RecordedEvents {
  readonly #room: RecordedRoom;
  #seq: number;

  /** @param lastSeq number of the last event of an earlier run */
  constructor(room: RecordedRoom, lastSeq = 0) {
    this.#room = room;
    this.#seq = lastSeq;
  }

  next({ participantId, atMs, signal }: RecordedSignal): RecordedEvent {
    const { roomId, seed, startedMs } = this.#room;
    const seq = (this.#seq += 1);
    const eventId = stableId(seed, seq);
    const envelope = { v: 1 as const, eventId, roomId, atMs: atMs + startedMs, seq };
    switch (signal.kind) {
      case 'start': {
        const { utteranceId, startMs, trigger } = signal;
        const body = { participantId, utteranceId, startMs: startMs + startedMs, trigger };
        return { ...envelope, type: 'utterance.start', ...body };
      }
      case 'end': {
        const { utteranceId, span, trigger } = signal;
        return { ...envelope, type: 'utterance.end', participantId, utteranceId, span: this.#shift(span), trigger };
      }
      case 'final':
        return { ...envelope, type: 'emotion.final', ...this.#body(participantId, signal.result) };
    }
  }

  interim(participantId: string, result: UtteranceResult): EmotionInterim {
    const { roomId, seed, startedMs } = this.#room;
    const { utteranceId, span } = result;
    const eventId = stableId(seed, 'interim', utteranceId, span.endMs);
    const envelope = { v: 1 as const, eventId, roomId, atMs: span.endMs + startedMs };
    return { ...envelope, type: 'emotion.interim', ...this.#body(participantId, result) };
  }

  #body(participantId: string, { transcript, span, ...result }: UtteranceResult) {
    const { model, includeTranscript } = this.#room;
    const words = transcript?.words?.map((word) => ({ ...word, ...this.#shift(word) }));
    return {
      participantId,
      ...result,
      span: this.#shift(span),
      ...(transcript && includeTranscript && { transcript: { ...transcript, ...(words && { words }) } }),
      model: { id: model.id, version: model.version, calibration: model.calibration },
    };
  }

  #shift({ startMs, endMs }: { startMs: number; endMs: number }) {
    const { startedMs } = this.#room;
    return { startMs: startMs + startedMs, endMs: endMs + startedMs };
  }
}
