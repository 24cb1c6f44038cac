import { useState } from 'preact/hooks';
import { navigate } from '../router.ts';
import { newRoomId, roomIdFrom } from '../view/roomLink.ts';

/** A new call, or one that somebody invited to. */
export function StartForm() {
  const [link, setLink] = useState('');
  const [problem, setProblem] = useState(false);
  const join = (event: Event) => {
    event.preventDefault();
    const roomId = roomIdFrom(link);
    if (roomId) navigate(`/r/${roomId}`);
    else setProblem(true);
  };
  return (
    <div class="card start">
      <h2>A call of your own</h2>
      <p class="card-text">Start one and send the link, or open two tabs and talk to yourself.</p>
      <button
        type="button"
        class="button button-wide"
        onClick={() => navigate(`/r/${newRoomId()}`)}
        data-testid="start-call"
      >
        Start a call
      </button>
      <div class="or" aria-hidden="true">
        or
      </div>
      <form onSubmit={join}>
        <label class="field">
          <span>Join by link or room name</span>
          <span class="field-row">
            <input
              class="input"
              type="text"
              value={link}
              autocomplete="off"
              autocapitalize="off"
              spellcheck={false}
              aria-invalid={problem}
              aria-describedby="link-problem"
              onInput={(event) => {
                setLink(event.currentTarget.value);
                setProblem(false);
              }}
              data-testid="room-link"
            />
            <button type="submit" class="button">
              Go
            </button>
          </span>
        </label>
        <p id="link-problem" class="field-problem" role="alert">
          {problem && 'That is no room: 1 to 64 letters, digits, _ and -, or a link that ends so.'}
        </p>
      </form>
    </div>
  );
}
