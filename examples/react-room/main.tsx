// A room in React: who is there, what of them is analysed, what cues suggest, and the way out.
import { StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { join, type Registered } from './join.ts';
import { Room } from './Room.tsx';

const roomId = new URLSearchParams(location.search).get('room') ?? 'standup';

function App() {
  const [name, setName] = useState('');
  const [me, setMe] = useState<Registered>();
  const [problem, setProblem] = useState<string>();
  if (me) return <Room roomId={roomId} me={me} />;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        join(roomId, name).then(setMe, (error: Error) => setProblem(error.message));
      }}
    >
      <label>
        Your name <input value={name} onChange={(event) => setName(event.target.value)} required maxLength={64} />
      </label>{' '}
      <button>Join {roomId}</button> {problem && <p role="alert">{problem}</p>}
    </form>
  );
}

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
