import { useState } from 'preact/hooks';
import type { RoomSession } from '../session/RoomSession.ts';
import { useStore } from './hooks.ts';
import { Icon } from './Icon.tsx';

const MAX_CHARACTERS = 2_000;

function Typed({ session }: { session: RoomSession }) {
  const [text, setText] = useState('');
  const [sent, setSent] = useState('');
  const submit = async (event: Event) => {
    event.preventDefault();
    const words = text.trim();
    if (words === '') return;
    setText('');
    if (await session.say(words)) setSent(words);
    else setText(words);
  };
  return (
    <form class="caption-form" onSubmit={(event) => void submit(event)}>
      <label class="caption-label" for="caption">
        Type what you say (stands in for captions)
      </label>
      <input
        id="caption"
        class="input"
        type="text"
        autocomplete="off"
        maxLength={MAX_CHARACTERS}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        data-testid="caption-input"
      />
      <button type="submit" class="button button-icon" aria-label="Send these words">
        <Icon name="send" />
      </button>
      <span class="sr-only" role="status">
        {sent && `Sent: ${sent}`}
      </span>
    </form>
  );
}

/** Where one's own words come from: the browser's speech recognition, or the keyboard. */
export function CaptionBar({ session }: { session: RoomSession }) {
  const { available, on, problem } = useStore(session.captions.state);
  const { microphone } = useStore(session.media.state);
  const [asking, setAsking] = useState(false);
  if (on) {
    return (
      <div class="caption-bar">
        <p class="caption-note">
          <span class="live-dot" /> Your browser writes down what you say.
        </p>
        <button type="button" class="button button-small" onClick={() => session.captions.stop()}>
          Stop writing
        </button>
      </div>
    );
  }
  if (asking) {
    return (
      <div class="caption-bar caption-ask" role="group" aria-label="Speech recognition of your browser">
        <p class="caption-note">
          Your browser would do the recognising. Some browsers send your sound to their maker for it: Chrome to Google,
          Edge to Microsoft, Safari to Apple. Undertone gets only the words.
        </p>
        <button
          type="button"
          class="button button-small"
          onClick={() => {
            setAsking(false);
            session.captions.start();
          }}
        >
          Switch on
        </button>
        <button type="button" class="button button-small" onClick={() => setAsking(false)}>
          Keep typing
        </button>
      </div>
    );
  }
  return (
    <div class="caption-bar">
      <Typed session={session} />
      {available && microphone === 'on' && (
        <button type="button" class="button button-small" onClick={() => setAsking(true)}>
          <Icon name="text" /> Use speech recognition
        </button>
      )}
      {problem && <p class="caption-note">{problem}</p>}
    </div>
  );
}
