import { useState } from 'preact/hooks';
import type { RoomSession } from '../session/RoomSession.ts';
import { useStore } from './hooks.ts';
import { Icon } from './Icon.tsx';
import { AudioOut } from './MediaElements.tsx';

/** Everybody's voice. Asks for a click where the browser wants one before it plays sound. */
export function Sound({ session }: { session: RoomSession }) {
  const members = useStore(session.call.members.list);
  const [blocked, setBlocked] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const retry = () => {
    setBlocked(false);
    setAttempt((count) => count + 1);
  };
  return (
    <>
      {members.map(
        ({ participantId, audio }) =>
          audio && <AudioOut key={participantId} track={audio} attempt={attempt} onBlocked={() => setBlocked(true)} />,
      )}
      {blocked && (
        <button type="button" class="button button-primary sound-blocked" onClick={retry}>
          <Icon name="play" /> Turn the sound on
        </button>
      )}
    </>
  );
}
