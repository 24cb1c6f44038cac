import { RoomAlerts, type CheckedRule } from '../alerts/index.ts';
import type { AnalyzerSignal, ModelInfo } from '../analyzer/protocol.ts';
import type { UndertoneEvent } from '../events/contract/v1/types.ts';
import type { EventLog } from '../events/EventLog.ts';
import type { Logger } from '../UndertoneTypes.ts';
import { Aggregator, type AggregateOptions } from './aggregate/Aggregator.ts';
import type { RoomRecord } from './RoomRecord.ts';

export interface ResultsOptions {
  roomId: string;
  record: RoomRecord;
  includeTranscript: boolean;
  aggregate: AggregateOptions;
  alerts: readonly CheckedRule[];
  /** Numbers an event and sends it, unless the room is closed. */
  publish(...event: Parameters<EventLog['append']>): void;
  send(event: UndertoneEvent): void;
  /** An utterance is over. */
  spoke(participantId: string, ms: number): void;
  log: Logger;
}

/** Whose results they are. */
export interface Speaker {
  id: string;
  /** Has not left: who has is in no group any more, whatever of theirs still comes. */
  here: boolean;
  /** Whether consent is still the one under which the result was made. */
  current(): boolean;
}

/** What the analyzer says about a room, as events; and what follows from results: means over the room and alerts. */
export class Results {
  readonly #options: ResultsOptions;
  readonly #aggregator: Aggregator;
  readonly #alerts: RoomAlerts;
  readonly #timer: NodeJS.Timeout | undefined;

  constructor(options: ResultsOptions) {
    const { roomId, aggregate, alerts, publish } = options;
    this.#options = options;
    this.#aggregator = new Aggregator(aggregate);
    this.#alerts = new RoomAlerts(alerts, roomId, (body) => publish('alert', body));
    if (aggregate.intervalMs > 0) {
      this.#timer = setInterval(() => this.#tellAggregate(), aggregate.intervalMs).unref();
    }
  }

  take(signal: AnalyzerSignal, { id: participantId, here, current }: Speaker, model: ModelInfo): void {
    const { record, includeTranscript, publish, send, spoke } = this.#options;
    switch (signal.kind) {
      case 'start': {
        const { utteranceId, startMs, trigger } = signal;
        record.note(participantId, utteranceId);
        publish('utterance.start', { participantId, utteranceId, startMs, trigger });
        break;
      }
      case 'end': {
        const { utteranceId, span, trigger } = signal;
        publish('utterance.end', { participantId, utteranceId, span, trigger });
        spoke(participantId, span.endMs - span.startMs);
        break;
      }
      case 'interim':
      case 'final': {
        const { transcript, ...result } = signal.result;
        record.note(participantId, result.utteranceId, result.modalities);
        const body = {
          participantId,
          ...result,
          ...(includeTranscript && transcript ? { transcript } : {}),
          model: { id: model.id, version: model.version, calibration: model.calibration },
        };
        if (signal.kind === 'interim') {
          send(record.log.volatile(body));
          break;
        }
        const final = record.log.append('emotion.final', body);
        if (here) this.#aggregator.add(final);
        send(final);
        // A listener may have withdrawn consent meanwhile.
        if (here && current()) this.#alerts.final(final);
        break;
      }
    }
  }

  /** Somebody is in no group any more, and nothing follows from their results. */
  leave(participantId: string): void {
    this.#aggregator.leave(participantId);
    this.#alerts.leave(participantId);
  }

  /** Somebody allows less than before. @param all - nothing is allowed any more */
  withdrawn(participantId: string, all: boolean): void {
    if (all) this.#aggregator.leave(participantId);
    else this.#aggregator.forget(participantId);
  }

  /** Alerts end that follow from results which stand. */
  endAlerts(participantId: string): void {
    this.#alerts.leave(participantId);
  }

  /** @returns ids of the alerts that are taken back */
  withdrawAlerts(participantId: string, utteranceIds: readonly string[]): string[] {
    return this.#alerts.withdraw(participantId, utteranceIds);
  }

  /** Rules about labels that are not asked for raise nothing: whoever wrote them has to know. */
  tellUnanswered(labels: readonly string[]): void {
    const { log, publish } = this.#options;
    for (const { id, label } of this.#alerts.unanswered(labels)) {
      const message = `alert rule ${id} looks at the label ${label}, which the room’s set has not: ${labels.join(', ')}`;
      log.warn({ rule: id, label, labels }, 'alert rule looks at a label that the set of the room has not');
      publish('error', { code: 'alert-label-unknown', message: message.slice(0, 500), retryable: false });
    }
  }

  close(): void {
    clearInterval(this.#timer);
    this.#alerts.close();
  }

  #tellAggregate(): void {
    const { record, send } = this.#options;
    const body = this.#aggregator.next(Date.now());
    if (!body) return;
    const means = record.log.append('emotion.aggregate', body);
    send(means);
    this.#alerts.aggregate(means);
  }
}
