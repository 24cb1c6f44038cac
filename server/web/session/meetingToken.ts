import { Store } from '../../../client/Store.ts';

const KEY = 'undertone.meetings.token';

function kept(): string | undefined {
  try {
    return sessionStorage.getItem(KEY) ?? undefined;
  } catch {
    return undefined;
  }
}

/** The token that past meetings are asked for with; lasts as long as the tab. */
export const meetingToken = new Store<string | undefined>(kept());

export function keepMeetingToken(token: string | undefined): void {
  try {
    if (token === undefined) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, token);
  } catch {
    // Without storage it lasts until the page is loaded again.
  }
  meetingToken.set(token);
}
