import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { ReplayPosition } from '../../plugin/events/contract/v1/types.ts';
import type { TokenSource } from '../ClientOptions.ts';
import { startReplay } from '../replay/openReplay.ts';
import type { Replay } from '../replay/Replay.ts';
import type { OpenReplayOptions } from '../replay/ReplayTypes.ts';
import { INITIAL_STATE, type RoomState } from '../RoomState.ts';
import type { Readable } from '../Store.ts';

/** As for `openReplay()`; while the token or the meeting is undefined, nothing is opened. */
export type UseReplayOptions = Omit<OpenReplayOptions, 'token' | 'meetingId'> & {
  token: TokenSource | undefined;
  meetingId: string | undefined;
};

export interface UseReplay {
  /** Undefined before the first effect. Has `seek()`, `rate()`, `pause()`, `resume()`. */
  replay: Replay | undefined;
  position: ReplayPosition;
  /** What was known of the room at this place. */
  room: RoomState;
}

const NOWHERE: ReplayPosition = { positionMs: 0, speed: 1, playback: 'waiting' };

/**
 * Plays a past meeting for as long as the component is there; renders when the position or the room's state changes. Another
 * `url`, `meetingId` or token string opens another; `from`, `speed` and `paused` are where it begins.
 *
 * @example
 * const { replay, position, room } = useReplay({ url, token, meetingId, speed: 4 });
 */
export function useReplay(options: UseReplayOptions): UseReplay {
  const [replay, setReplay] = useState<Replay>();
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });
  const { url, meetingId, token } = options;
  const key = typeof token === 'function' ? 'function' : token;
  useEffect(() => {
    const { token: first } = latest.current;
    if (key === undefined || first === undefined || meetingId === undefined) return undefined;
    const renewed = () => {
      const now = latest.current.token;
      if (now === undefined) throw new Error('there is no token any more');
      return typeof now === 'function' ? now() : now;
    };
    const opened = startReplay({ ...latest.current, meetingId, token: typeof first === 'string' ? first : renewed });
    setReplay(opened);
    return () => {
      opened.close();
      setReplay(undefined);
    };
  }, [url, meetingId, key]);
  return {
    replay,
    position: useReadable(replay?.position, NOWHERE),
    room: useReadable(replay?.room, INITIAL_STATE),
  };
}

function useReadable<T>(readable: Readable<T> | undefined, initial: T): T {
  const subscribe = useCallback(
    (listener: () => void) => readable?.subscribe(listener) ?? (() => undefined),
    [readable],
  );
  const snapshot = () => readable?.value ?? initial;
  return useSyncExternalStore(subscribe, snapshot, snapshot);
}
