import { useEffect, useRef } from 'react';
import type { EmotionClient, EmotionClientEvents } from '../EmotionClient.ts';

/**
 * Hears one kind of event for as long as the component is there. The listener may be written in place: the newest is called.
 *
 * @example
 * useEmotionEvent(client, 'emotion.final', (event) => console.log(event.participantId, event.labels[0]));
 */
export function useEmotionEvent<Name extends keyof EmotionClientEvents>(
  client: EmotionClient | undefined,
  name: Name,
  listener: (...args: EmotionClientEvents[Name]) => void,
): void {
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => client?.on(name, (...args) => latest.current(...args)), [client, name]);
}
