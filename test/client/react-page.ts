/** The page of the React test: all hooks and both components, in strict mode. */
import { createElement, StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';
import {
  EmotionIndicator,
  EmotionNotice,
  useEmotionClient,
  useEmotionEvent,
  useEmotionRoom,
} from '../../client/react/index.ts';

const query = new URLSearchParams((globalThis as unknown as { location: { search: string } }).location.search);

function App() {
  const [shown, setShown] = useState(true);
  const [finals, setFinals] = useState(0);
  const client = useEmotionClient({ roomId: 'r', token: shown ? 't' : undefined, since: 0 });
  const room = useEmotionRoom(client);
  useEmotionEvent(client, 'emotion.final', () => setFinals(finals + 1));
  return createElement(
    'main',
    null,
    createElement('p', { id: 'status' }, room.status),
    createElement('p', { id: 'finals' }, finals),
    createElement('p', { id: 'label' }, room.participants['ada']?.reading?.labels[0]?.name ?? 'none'),
    createElement(EmotionNotice, { client, participantId: 'ada' }),
    createElement(EmotionIndicator, { client, participantId: 'ada' }),
    createElement('button', { id: 'leave', onClick: () => setShown(false) }, 'Leave'),
  );
}

const page = (globalThis as unknown as { document: { getElementById: (id: string) => Element } }).document;
createRoot(page.getElementById('root')).render(
  query.has('loose') ? createElement(App) : createElement(StrictMode, null, createElement(App)),
);
