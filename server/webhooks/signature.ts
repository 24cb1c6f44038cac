import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** A secret of the Standard Webhooks convention: this, and the key in base64. */
export const SECRET_PREFIX = 'whsec_';
const LEAST_BYTES = 24;
const MOST_BYTES = 64;
/** What a receiver should take for old, seconds. */
export const TOLERANCE_S = 300;

/** The key of a secret; undefined where it is none. */
export function keyOf(secret: string): Buffer | undefined {
  if (!secret.startsWith(SECRET_PREFIX)) return undefined;
  const text = secret.slice(SECRET_PREFIX.length);
  const key = Buffer.from(text, 'base64');
  // Node passes over what is not base64: written again, it has to be the same.
  const same = key.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '');
  return same && key.length >= LEAST_BYTES && key.length <= MOST_BYTES ? key : undefined;
}

/** A new secret of 32 random bytes. */
export function newSecret(): string {
  return SECRET_PREFIX + randomBytes(32).toString('base64');
}

/** What the signature is over, and the signature: HMAC-SHA256 of `id.timestamp.body`, in base64. */
function signatureOf(key: Buffer, id: string, timestamp: string, body: string): string {
  return createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
}

/**
 * The value of `webhook-signature`: one signature for each secret, so that receivers may change theirs at their leisure.
 * @param timestampS - seconds since 1970
 * @throws TypeError for a secret that is none
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function sign(secrets: readonly string[], id: string, timestampS: number, body: string): string {
  return secrets
    .map((secret) => {
      const key = keyOf(secret);
      if (!key) throw new TypeError(`a secret is ${SECRET_PREFIX} and 24 to 64 bytes in base64`);
      return `v1,${signatureOf(key, id, String(timestampS), body)}`;
    })
    .join(' ');
}

/** A webhook as it came: three of its headers, and its body as it was on the wire. */
export interface ReceivedWebhook {
  id: string;
  timestamp: string;
  signature: string;
  body: string;
}

/**
 * Why a webhook is not to be trusted; undefined when it is signed with one of the secrets and not old.
 * @param toleranceS - how far its time may be from now; Infinity to take any
 */
export function problemWith(
  { id, timestamp, signature, body }: ReceivedWebhook,
  secrets: readonly string[],
  { nowMs = Date.now(), toleranceS = TOLERANCE_S } = {},
): string | undefined {
  if (!/^\d{1,12}$/.test(timestamp)) return 'webhook-timestamp is no number of seconds';
  const given = signature
    .split(' ')
    .flatMap((one) => (one.startsWith('v1,') ? [Buffer.from(one.slice('v1,'.length), 'base64')] : []));
  if (given.length === 0) return 'webhook-signature has no signature of version v1';
  const expected = secrets.flatMap((secret) => {
    const key = keyOf(secret);
    return key ? [Buffer.from(signatureOf(key, id, timestamp, body), 'base64')] : [];
  });
  const matches = expected.some((want) =>
    given.some((one) => one.length === want.length && timingSafeEqual(one, want)),
  );
  if (!matches) return 'no signature is one of these secrets over this id, time and body';
  const ageS = nowMs / 1_000 - Number(timestamp);
  if (Math.abs(ageS) > toleranceS) {
    return `it was sent ${Math.round(Math.abs(ageS))} s ${ageS > 0 ? 'ago' : 'from now'}; more than ${toleranceS} s may be a replay`;
  }
  return undefined;
}
