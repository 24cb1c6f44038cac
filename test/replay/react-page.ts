/** The page of the React test: a meeting that plays, and buttons that move it. */
import { createElement, StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { useReplay } from '../../client/react/index.ts';

interface Globals {
  location: { search: string };
  document: { getElementById: (id: string) => Element };
}
const { location, document } = globalThis as unknown as Globals;
const query = new URLSearchParams(location.search);

function App() {
  const [shown, setShown] = useState(true);
  const token = query.get('token') ?? undefined;
  const meetingId = shown ? (query.get('meeting') ?? undefined) : undefined;
  const { replay, position, room } = useReplay({ token, meetingId, paused: true, speed: 32 });
  const button = (id: string, onClick: () => void) => createElement('button', { id, onClick }, id);
  return createElement(
    'main',
    null,
    createElement('p', { id: 'status' }, room.status),
    createElement('p', { id: 'position' }, `${position.playback} ${position.positionMs}`),
    createElement('p', { id: 'ada' }, room.participants['ada']?.reading?.utteranceId ?? 'none'),
    button('seek', () => void replay?.seek(25_000)),
    button('resume', () => void replay?.resume()),
    button('leave', () => setShown(false)),
  );
}

createRoot(document.getElementById('root')).render(createElement(StrictMode, null, createElement(App)));
