import type { Config } from '../config/schema.ts';

/** One endpoint, as it is configured. */
export type WebhookConfig = Config['alerts']['webhooks'][number];

/** Something to be delivered: its body is the same at each try. */
export interface Delivery {
  /** Of the event: who gets it twice knows it by this. */
  id: string;
  /** Whom it is about; undefined for the room as a whole. */
  subject: { roomId: string; participantId: string } | undefined;
  body: string;
}

/** What became of a delivery. `given-up`: after all tries; the other ones were not tried to the end. */
export type Outcome = 'sent' | 'given-up' | 'queue-full' | 'withdrawn' | 'disabled' | 'shutdown';
