import { keepMeetingToken } from '../session/meetingToken.ts';

/** Which meetings are shown is decided by a token, as in a call. */
export function TokenForm() {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement).get('token');
    keepMeetingToken(typeof given === 'string' && given.trim() !== '' ? given.trim() : undefined);
  };
  return (
    <form class="meetings-token" onSubmit={submit}>
      <label class="field">
        Access token
        <input class="input" name="token" type="password" autocomplete="off" data-testid="meetings-token" />
      </label>
      <button type="submit" class="button" data-testid="meetings-token-use">
        Use it
      </button>
    </form>
  );
}
