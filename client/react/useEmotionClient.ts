import { useEffect, useRef, useState } from 'react';
import { EmotionClient } from '../EmotionClient.ts';
import type { ConnectOptions, TokenSource } from '../ClientOptions.ts';

/** As for `EmotionClient`; with `undefined` as the token, nothing is opened yet. */
export type UseEmotionClientOptions = Omit<ConnectOptions, 'token'> & { token: TokenSource | undefined };

/**
 * A client for as long as the component is there. Another `url`, `roomId`, `participantId`, `aggregate` or token string opens another;
 * a function for the token may be written in place, as the newest one is asked.
 *
 * @returns undefined before the first effect, and while there is no token
 * @example
 * const client = useEmotionClient({ url, roomId: 'standup', token });
 */
export function useEmotionClient(options: UseEmotionClientOptions): EmotionClient | undefined {
  const [client, setClient] = useState<EmotionClient>();
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });
  const { url, roomId, participantId, aggregate, token } = options;
  const key = typeof token === 'function' ? 'function' : token;
  useEffect(() => {
    if (key === undefined) return undefined;
    const opened = new EmotionClient({ ...latest.current, token: tokenOf(() => latest.current.token) });
    setClient(opened);
    return () => {
      opened.close();
      setClient(undefined);
    };
  }, [url, roomId, participantId, aggregate, key]);
  return client;
}

function tokenOf(current: () => TokenSource | undefined): TokenSource {
  const token = current();
  if (typeof token === 'string') return token;
  return () => {
    const now = current();
    if (now === undefined) throw new Error('there is no token any more');
    return typeof now === 'function' ? now() : now;
  };
}
