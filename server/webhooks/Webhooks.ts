import type { Logger } from '../../plugin/UndertoneTypes.ts';
import type { Alert, EmotionRetracted, UndertoneEvent } from '../../plugin/events/contract/v1/types.ts';
import { toCloudEvent } from '../../plugin/events/export/cloudevents.ts';
import type { Config } from '../config/schema.ts';
import type { Room } from '../sfu/Room.ts';
import { showsOthers } from './showsOthers.ts';
import { Endpoint } from './Endpoint.ts';
import type { Delivery, Outcome, WebhookConfig } from './WebhookTypes.ts';

export interface WebhooksOptions {
  config: Pick<Config, 'alerts' | 'visibility'>;
  version: string;
  log: Logger;
}

/** Alerts of which an endpoint can still be told that they were taken back. */
const MAX_REMEMBERED = 10_000;

interface Receiver {
  config: WebhookConfig;
  endpoint: Endpoint;
  /** Alerts that it was to be sent. */
  alertIds: Set<string>;
}

/**
 * Sends alerts to the operator's own systems, signed. What waits is in memory alone: it ends with the process. A withdrawal
 * drops what waits about the participant, and is sent on where it takes back alerts.
 */
export class Webhooks {
  readonly #options: WebhooksOptions;
  readonly #receivers: Receiver[];
  readonly #counts = new Map<string, Map<Outcome, number>>();

  constructor(options: WebhooksOptions) {
    this.#options = options;
    const userAgent = `undertone/${options.version}`;
    this.#receivers = options.config.alerts.webhooks.map((config) => {
      const counts = new Map<Outcome, number>();
      this.#counts.set(config.name, counts);
      const told = (outcome: Outcome) => void counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
      return { config, endpoint: new Endpoint({ config, userAgent, told, log: options.log }), alertIds: new Set() };
    });
  }

  /** What became of the deliveries of each endpoint so far, and what waits. */
  stats(): { name: string; waiting: number; disabled: boolean; outcomes: ReadonlyMap<Outcome, number> }[] {
    return this.#receivers.map(({ config: { name }, endpoint }) => ({
      name,
      waiting: endpoint.waiting,
      disabled: endpoint.disabled,
      outcomes: this.#counts.get(name) ?? new Map<Outcome, number>(),
    }));
  }

  /** Sends on what concerns alerts of a room, for as long as it is open. */
  follow(room: Room): void {
    if (this.#receivers.length === 0) return;
    room.observer.on('event', (event) => this.take(event));
  }

  take(event: UndertoneEvent): void {
    if (event.type === 'alert') this.#alert(event);
    else if (event.type === 'emotion.retracted') this.#retracted(event);
  }

  /** Delivers what waits within that time, and drops what does not go out. */
  async close(deadlineMs: number): Promise<void> {
    await Promise.all(this.#receivers.map(({ endpoint }) => endpoint.close(deadlineMs)));
  }

  #alert(alert: Alert): void {
    const { visibility } = this.#options.config;
    // The configuration is checked for it; this holds whatever was configured.
    if (visibility === 'self' || (alert.rule.about === 'self' && !showsOthers(visibility))) return;
    for (const { config, endpoint, alertIds } of this.#receivers) {
      if (config.rules && !config.rules.includes(alert.rule.id)) continue;
      alertIds.add(alert.alertId);
      if (alertIds.size > MAX_REMEMBERED) alertIds.delete(alertIds.values().next().value!);
      endpoint.push(deliveryOf(alert));
    }
  }

  #retracted(event: EmotionRetracted): void {
    const { roomId, participantId, alertIds: back = [] } = event;
    for (const { endpoint, alertIds } of this.#receivers) {
      endpoint.withdraw(({ subject }) => subject?.roomId === roomId && subject.participantId === participantId);
      // Only who was to have one of them hears of it; whether it arrived is not known for sure. The news itself is not to be
      // dropped by another withdrawal.
      if (back.some((id) => alertIds.has(id))) endpoint.push({ ...deliveryOf(event), subject: undefined });
      for (const id of back) alertIds.delete(id);
    }
  }
}

function deliveryOf(event: Alert | EmotionRetracted): Delivery {
  const { eventId: id, roomId, participantId } = event;
  return {
    id,
    subject: participantId === undefined ? undefined : { roomId, participantId },
    body: JSON.stringify(toCloudEvent(event)),
  };
}
