import { sign } from './signature.ts';
import type { Delivery } from './WebhookTypes.ts';

/** A receiver's wish to be left alone is heard, up to this. */
const MAX_RETRY_AFTER_MS = 3_600_000;

export type Attempt =
  | { outcome: 'sent' }
  /** The endpoint is gone for good. */
  | { outcome: 'gone' }
  | { outcome: 'failed'; why: string; retryAfterMs?: number };

/** `Retry-After` in seconds or as a date (RFC 9110, section 10.2.3), in ms from now. */
export function retryAfter(value: string | null, nowMs = Date.now()): number | undefined {
  if (value === null) return undefined;
  const text = value.trim();
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - nowMs;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, ms), MAX_RETRY_AFTER_MS);
}

export interface Post {
  url: string;
  secrets: readonly string[];
  timeoutMs: number;
  userAgent: string;
}

/** Tries once. A redirect is a failure: what is signed for one address goes to no other. */
export async function postWebhook(
  { url, secrets, timeoutMs, userAgent }: Post,
  { id, body }: Delivery,
  signal: AbortSignal,
): Promise<Attempt> {
  const timestampS = Math.floor(Date.now() / 1_000);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/cloudevents+json; charset=utf-8',
        'user-agent': userAgent,
        'webhook-id': id,
        'webhook-timestamp': String(timestampS),
        'webhook-signature': sign(secrets, id, timestampS, body),
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    // What it says is not read: it might never end.
    await response.body?.cancel();
    if (response.ok) return { outcome: 'sent' };
    if (response.status === 410) return { outcome: 'gone' };
    const retryAfterMs = retryAfter(response.headers.get('retry-after'));
    return { outcome: 'failed', why: `status ${response.status}`, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  } catch (error) {
    return { outcome: 'failed', why: reasonOf(error as Error) };
  }
}

/** The kind of a failure, never its message: that may hold an address. */
function reasonOf({ name, cause }: Error): string {
  if (name === 'TimeoutError') return 'timeout';
  const code = (cause as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : name;
}
