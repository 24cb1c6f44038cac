import { useEffect, useRef, useState } from 'preact/hooks';
import type { RoomSession } from '../session/RoomSession.ts';
import { spokenReading } from '../view/wording.ts';

/** Readings are told no faster than this, the newest first; more would talk over the call. */
const EVERY_MS = 6_000;

/** Tells readings and withdrawals to those who hear the page. */
export function Announcer({ session, nameOf }: { session: RoomSession; nameOf: (id: string) => string }) {
  const [text, setText] = useState('');
  const told = useRef(new Set<string>());
  useEffect(() => {
    const timer = setInterval(() => {
      const finals = Object.values(session.emotion.state.value.participants)
        .map(({ current }) => current)
        .filter((reading) => reading?.type === 'emotion.final')
        .filter((reading) => !told.current.has(reading.eventId))
        .sort((a, b) => b.atMs - a.atMs);
      const newest = finals[0];
      if (!newest) return;
      for (const reading of finals) told.current.add(reading.eventId);
      setText(spokenReading(nameOf(newest.participantId), newest));
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, [session]);
  return (
    <p class="sr-only" aria-live="polite">
      {text}
    </p>
  );
}
