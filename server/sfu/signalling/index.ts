import type { Requests } from '../Request.ts';
import type { CallContext } from './CallContext.ts';
import { consumerRequests } from './consumers.ts';
import { joinRequests } from './join.ts';
import { producerRequests } from './producers.ts';
import { transportRequests } from './transports.ts';

/** Everything a client of `/call` may ask. */
export const CALL_REQUESTS: Requests<CallContext> = {
  ...joinRequests,
  ...transportRequests,
  ...producerRequests,
  ...consumerRequests,
};
