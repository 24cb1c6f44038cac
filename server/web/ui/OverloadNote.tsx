import type { RoomSession } from '../session/RoomSession.ts';
import { useStore } from './hooks.ts';

const LEVELS: Record<number, string> = {
  1: 'readings come only at the end of an utterance',
  2: 'fewer pictures are looked at',
  3: 'readings rest on voice and words alone',
  4: 'some utterances get no reading',
};

/** What is left out while the server has too much to do. It comes and goes, so it takes no place of its own. */
export function OverloadNote({ session }: { session: RoomSession }) {
  const { level } = useStore(session.emotion.state).overload;
  const left = LEVELS[level];
  return (
    <p class="overload" role="status" data-testid="overload" data-level={level}>
      {left && (
        <>
          <strong>Server busy</strong>
          <span class="overload-text">: {left}</span>
        </>
      )}
    </p>
  );
}
