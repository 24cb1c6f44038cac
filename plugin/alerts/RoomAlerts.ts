import type { EmotionAggregate, EmotionFinal } from '../events/contract/v1/types.ts';
import { AlertEngine, type AlertBody } from './AlertEngine.ts';
import type { CheckedRule } from './rules.ts';

/** Longest that a timer may wait, for Node. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** The rules of one room at work: tells what they raise and end, also when nothing comes any more. */
export class RoomAlerts {
  readonly #rules: readonly CheckedRule[];
  readonly #engine: AlertEngine;
  readonly #tell: (body: AlertBody) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(rules: readonly CheckedRule[], roomId: string, tell: (body: AlertBody) => void) {
    this.#rules = rules.filter(({ rooms }) => rooms === undefined || rooms.includes(roomId));
    this.#engine = new AlertEngine(this.#rules);
    this.#tell = tell;
  }

  final(event: EmotionFinal): void {
    this.#told(this.#engine.final(event));
  }

  aggregate(event: EmotionAggregate): void {
    this.#told(this.#engine.aggregate(event));
  }

  leave(participantId: string): void {
    this.#told(this.#engine.leave(participantId, Date.now()));
  }

  /** @returns ids of the alerts that are taken back */
  withdraw(participantId: string, utteranceIds: readonly string[]): string[] {
    const back = this.#engine.withdraw(participantId, utteranceIds);
    this.#told([]);
    return back;
  }

  /** Rules that ask for labels which these are not: they can raise nothing. */
  unanswered(labels: readonly string[]): { id: string; label: string }[] {
    return this.#rules.flatMap(({ id, label }) =>
      label !== undefined && !labels.includes(label) ? { id, label } : [],
    );
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #told(bodies: readonly AlertBody[]): void {
    for (const body of bodies) this.#tell(body);
    clearTimeout(this.#timer);
    const { nextMs } = this.#engine;
    if (nextMs === undefined) return;
    const delayMs = Math.min(Math.max(0, nextMs - Date.now()), MAX_DELAY_MS);
    this.#timer = setTimeout(() => this.#told(this.#engine.tick(Date.now())), delayMs).unref();
  }
}
