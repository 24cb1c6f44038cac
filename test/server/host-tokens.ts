/** Tokens that a host app makes by itself, under the secret that it shares with the server. */
import { SignJWT } from 'jose';

export const SECRET = 'a secret of at least thirty-two characters';

/** @param scope - none in the token by default */
export function tokenFor(
  sub: string,
  room: string,
  scope?: readonly string[],
  exp: string | number = '1h',
): Promise<string> {
  return new SignJWT({ room, ...(scope && { scope }) })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer('undertone')
    .setSubject(sub)
    .setIssuedAt()
    .setExpirationTime(exp)
    .sign(new TextEncoder().encode(SECRET));
}
