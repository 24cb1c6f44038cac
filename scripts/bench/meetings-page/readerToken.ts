import { SignJWT } from 'jose';
import { ROOM } from './keepMeeting.ts';

export const SECRET = 'the secret of a benchmark, which guards nothing';

/** A token that shows all of the meeting's room. */
export function readerToken(): Promise<string> {
  return new SignJWT({ room: ROOM, scope: ['room:all'] })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer('undertone')
    .setSubject('reader')
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(SECRET));
}
