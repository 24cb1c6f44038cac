import { MODALITIES } from '../consent/Answers.ts';
import { Withdrawals } from '../consent/Withdrawals.ts';
import type { DurableEvent, EmotionRetracted, Modalities, Modality } from '../events/contract/v1/types.ts';
import type { EventLog } from '../events/EventLog.ts';
import { ResultLedger } from './ResultLedger.ts';

/** Ids that one event can take back. */
const MAX_RETRACTED = 10_000;

type Retraction = Omit<EmotionRetracted, 'v' | 'type' | 'eventId' | 'roomId' | 'atMs' | 'seq'>;

/** What there was about one participant. */
export interface TakenOut {
  events: number;
  utterances: Set<string>;
  alerts: Set<string>;
}

function utterancesOf(event: DurableEvent): string[] {
  if (event.type === 'emotion.retracted') return event.utteranceIds;
  return 'utteranceId' in event ? [event.utteranceId] : [];
}

function alertsOf(event: DurableEvent): string[] {
  if (event.type === 'emotion.retracted') return event.alertIds ?? [];
  return event.type === 'alert' ? [event.alertId] : [];
}

/** What was told of a room, what each result rests on, and what of it was taken back since. */
export class RoomRecord {
  readonly log: EventLog;
  readonly #ledger = new ResultLedger();
  readonly #withdrawals = new Withdrawals();

  constructor(log: EventLog) {
    this.log = log;
  }

  /** Kept events after a number, as far as consent still stands. */
  since(seq: number): DurableEvent[] {
    return this.log.since(seq).filter((event) => !this.#withdrawals.covers(event));
  }

  /** Notes that something was said about an utterance, and on what it rests. */
  note(participantId: string, utteranceId: string, modalities?: Modalities): void {
    this.#ledger.note(participantId, utteranceId, modalities);
  }

  /** What they said can no longer be taken back by its ids: they have left. */
  close(participantId: string): void {
    this.#ledger.forget(participantId);
  }

  /**
   * Takes back what rests on these modalities.
   * @param withdrawAlerts - takes back the alerts that rest on these utterances, and returns their ids
   */
  retract(
    participantId: string,
    modalities: Modality[],
    withdrawAlerts: (utteranceIds: string[]) => string[],
  ): Retraction {
    const utteranceIds = this.#ledger.retract(participantId, modalities);
    const alertIds = withdrawAlerts(utteranceIds);
    this.log.purge(new Set(utteranceIds), new Set(alertIds));
    this.#withdrawals.note(participantId, modalities, this.log.seq);
    const reason = 'consent-withdrawn';
    return { participantId, utteranceIds, reason, modalities, ...(alertIds.length > 0 && { alertIds }) };
  }

  /** Takes everything about a participant out of what is kept; it is not forgotten yet what that was. */
  takeOut(participantId: string): TakenOut {
    const utterances = new Set(this.#ledger.utterances(participantId));
    const gone = this.log.forget(participantId);
    for (const event of gone) for (const utteranceId of utterancesOf(event)) utterances.add(utteranceId);
    return { events: gone.length, utterances, alerts: new Set(gone.flatMap(alertsOf)) };
  }

  /** Forgets a participant altogether; returns what is to be told of it, undefined where there was nothing. */
  erase(participantId: string, { events, utterances, alerts }: TakenOut): Retraction | undefined {
    this.#ledger.forget(participantId);
    // What was told of it meanwhile: what follows says more.
    this.log.forget(participantId);
    this.#withdrawals.forget(participantId);
    if (events === 0 && utterances.size === 0) return undefined;
    const alertIds = [...alerts].slice(-MAX_RETRACTED);
    return {
      participantId,
      utteranceIds: [...utterances].slice(-MAX_RETRACTED),
      ...(alertIds.length > 0 && { alertIds }),
      reason: 'erased',
      modalities: [...MODALITIES],
    };
  }
}
