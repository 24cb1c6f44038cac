import type { EmotionFinal, EmotionInterim } from '../../plugin/events/contract/v1/types.ts';
import { TraceLog } from '../../plugin/events/trace/TraceLog.ts';
import type { TraceBatch } from '../../plugin/events/trace/TraceTypes.ts';
import type { UtteranceOptions } from '../../plugin/UndertoneTypes.ts';
import type { TimelineFile } from './TimelineFile.ts';

/** Results kept of a participant, the newest. */
const MAX_RESULTS = 20_000;

interface Gathered {
  name: string;
  log: TraceLog;
  results: (EmotionFinal | EmotionInterim)[];
}

/** Gathers what the windows of some participants did, for a timeline page. */
export class TimelineRecorder {
  readonly #participants = new Map<string, Gathered>();

  addParticipant(participantId: string, name: string): void {
    this.#participants.set(participantId, { name, log: new TraceLog(), results: [] });
  }

  addBatch(participantId: string, batch: TraceBatch): void {
    this.#participants.get(participantId)?.log.add(batch);
  }

  addResult(result: EmotionFinal | EmotionInterim): void {
    const results = this.#participants.get(result.participantId)?.results;
    results?.push(result);
    if (results && results.length > MAX_RESULTS) results.shift();
  }

  /** @param about what is shown as 0:00 and how far it goes; to the end of the data where that is not said */
  file(about: { title: string; startMs: number; endMs?: number; utterance: UtteranceOptions }): TimelineFile {
    const gathered = [...this.#participants];
    const endMs = about.endMs ?? Math.max(about.startMs, ...gathered.map(([, { log }]) => log.endMs));
    return {
      v: 1,
      ...about,
      endMs,
      participants: gathered.map(([participantId, { name, log, results }]) => ({
        participantId,
        name,
        trace: log.trace,
        results,
      })),
    };
  }
}
