import type { EmotionClient, EmotionClientEvents, RoomState } from '../../client/index.ts';
import { finalOf, interimOf, retractionOf } from '../web/events.ts';
import type { Payload } from './StandIn.ts';

export const final = (seq: number, utteranceId = `u${seq}`): Payload =>
  finalOf(utteranceId, seq * 1_000, { roomId: 'r', eventId: `e${seq}`, seq });

export const interim = (utteranceId: string): Payload => ({ ...interimOf(utteranceId, 1_000), roomId: 'r' });

export const retraction = (seq: number, utteranceIds: string[]): Payload => ({
  ...retractionOf(utteranceIds),
  roomId: 'r',
  seq,
});

/** Resolves with the next event of that name that satisfies the condition. */
export function next<Name extends keyof EmotionClientEvents>(
  client: EmotionClient,
  name: Name,
  condition: (...args: EmotionClientEvents[Name]) => boolean = () => true,
): Promise<EmotionClientEvents[Name]> {
  return new Promise((resolve) => {
    const end = client.on(name, (...args) => {
      if (!condition(...args)) return;
      end();
      resolve(args);
    });
  });
}

/** Resolves when the state is such. */
export async function until(client: EmotionClient, holds: (state: RoomState) => boolean): Promise<void> {
  if (holds(client.room.value)) return;
  await new Promise<void>((resolve) => {
    const end = client.room.subscribe(() => {
      if (!holds(client.room.value)) return;
      end();
      resolve();
    });
  });
}

/** The numbers of the durable events, in the order in which they were delivered. */
export function recordNumbers(client: EmotionClient): number[] {
  const numbers: number[] = [];
  client.on('event', (event) => {
    if ('seq' in event) numbers.push(event.seq);
  });
  return numbers;
}
