import type { UndertoneEvent } from '../contract/v1/types.ts';
import { durableEvents, survey, type EventSource } from './source.ts';

/** A CloudEvent in JSON, structured mode. */
export interface CloudEvent {
  specversion: '1.0';
  id: string;
  source: string;
  type: string;
  time: string;
  /** Whom the event is about; absent for the room as a whole. */
  subject?: string;
  datacontenttype: 'application/json';
  dataschema: string;
  /** Number of the event in its room, as the extension `sequence` wants it: strings that sort as the numbers do. */
  sequence?: string;
  data: UndertoneEvent;
}

/** Digits of the largest number that JSON carries safely. */
const SEQUENCE_DIGITS = 16;

/** An id in a path: everything but unreserved characters is escaped, so that it is a URI reference. */
const segment = (id: string) =>
  encodeURIComponent(id).replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * An event as a CloudEvent 1.0.
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md
 */
export function toCloudEvent(event: UndertoneEvent): CloudEvent {
  return {
    specversion: '1.0',
    id: event.eventId,
    source: `/undertone/rooms/${segment(event.roomId)}`,
    type: `undertone.v1.${event.type}`,
    time: new Date(event.atMs).toISOString(),
    ...('participantId' in event && event.participantId !== undefined && { subject: event.participantId }),
    datacontenttype: 'application/json',
    dataschema: 'urn:undertone:contract:v1:event',
    ...('seq' in event && { sequence: String(event.seq).padStart(SEQUENCE_DIGITS, '0') }),
    data: event,
  };
}

/** CloudEvents 1.0 in structured JSON, one durable event a line. */
export async function* writeCloudEvents(source: EventSource): AsyncGenerator<string> {
  const overview = await survey(source);
  for await (const event of durableEvents(source, overview)) yield `${JSON.stringify(toCloudEvent(event))}\n`;
}
