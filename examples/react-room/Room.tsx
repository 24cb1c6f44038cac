import { useState } from 'react';
import type { EmotionClient, ParticipantState } from 'undertone/client';
import {
  EmotionIndicator,
  EmotionNotice,
  useEmotionClient,
  useEmotionParticipant,
  useEmotionRoom,
} from 'undertone/react';
import type { Registered } from './join.ts';

export function Room({ roomId, me }: { roomId: string; me: Registered }) {
  const client = useEmotionClient({ roomId, token: me.token, since: 0 });
  const { status, participants } = useEmotionRoom(client);
  return (
    <main>
      <h1>{roomId}</h1>
      <p>Connection: {status}</p>
      <EmotionNotice client={client} participantId={me.participantId} />
      <Consent client={client} me={me} />
      <Caption client={client} me={me} />
      <ul>
        {Object.values(participants).map((participant) => (
          <li key={participant.participantId}>
            <EmotionIndicator
              client={client}
              participantId={participant.participantId}
              name={participant.participantId === me.participantId ? 'You' : participant.displayName}
            />{' '}
            {describe(participant)}
          </li>
        ))}
      </ul>
    </main>
  );
}

function describe({ speaking, reading }: ParticipantState): string {
  if (speaking) return 'is speaking';
  if (!reading) return '';
  return reading.abstained === undefined ? `cues suggest ${reading.labels[0]?.name}` : 'not sure enough to say';
}

/** Nobody is analysed unless they say yes to the notice that they were shown. */
function Consent({ client, me }: { client: EmotionClient | undefined; me: Registered }) {
  const [problem, setProblem] = useState<string>();
  const agree = () => client?.setConsent({ text: true }, me.notice.version).catch((error) => setProblem(String(error)));
  if (useEmotionParticipant(client, me.participantId)?.consent.text) return null;
  return (
    <fieldset>
      <legend>{me.notice.title}</legend>
      {me.notice.text.map((paragraph) => (
        <p key={paragraph}>{paragraph}</p>
      ))}
      <button onClick={() => void agree()}>Analyse my words</button> {problem && <span role="alert">{problem}</span>}
    </fieldset>
  );
}

function Caption({ client, me }: { client: EmotionClient | undefined; me: Registered }) {
  const [text, setText] = useState('');
  const [count, setCount] = useState(0);
  if (!useEmotionParticipant(client, me.participantId)?.consent.text) return null;
  const say = async () => {
    await client?.pushTranscript({ segmentId: String(count), text, final: true });
    setCount(count + 1);
    setText('');
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void say();
      }}
    >
      <label>
        What you say <input value={text} onChange={(event) => setText(event.target.value)} required />
      </label>{' '}
      <button>Say it</button>
    </form>
  );
}
