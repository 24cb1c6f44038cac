// Prints a token that is signed with the secret of the server: for a backend that may know it.
import { SignJWT } from 'jose';

const [room = 'standup', sub = 'bot', scope = 'room:all'] = process.argv.slice(2);
const secret = process.env['UNDERTONE_TOKEN_SECRET'];
if (secret === undefined) throw new Error('UNDERTONE_TOKEN_SECRET: the secret that the server has is needed');

const token = await new SignJWT({ room, scope: scope.split(' ') })
  .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
  .setIssuer('undertone')
  .setSubject(sub)
  .setIssuedAt()
  .setExpirationTime('1h')
  .sign(new TextEncoder().encode(secret));
console.log(token);
