import type { IncomingMessage } from 'node:http';

export interface OriginOptions {
  /** Origins beside the server's own; `*` for any. */
  origins: readonly string[];
  trustProxy: boolean;
}

/**
 * Whether a page of this origin may connect. Browsers ask nobody before they open a WebSocket to another origin, so the server
 * has to look (RFC 6455, section 10.2). What is no browser sends no Origin.
 */
export function allowsOrigin({ headers }: IncomingMessage, { origins, trustProxy }: OriginOptions): boolean {
  const { origin } = headers;
  if (origin === undefined || origins.includes('*') || origins.includes(origin)) return true;
  const forwarded = trustProxy ? headers['x-forwarded-host'] : undefined;
  const host = (Array.isArray(forwarded) ? forwarded[0] : forwarded) ?? headers.host;
  return URL.canParse(origin) && new URL(origin).host === host;
}
