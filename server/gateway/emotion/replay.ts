import {
  ReplayOpenRequest,
  ReplayRateRequest,
  ReplayRequest,
  ReplaySeekRequest,
} from '../../../plugin/events/contract/v1/replay.ts';
import type { ReplayConnection } from '../../replay/ReplayConnection.ts';
import { request, type Requests } from '../../sfu/Request.ts';
import { RequestError } from '../../sfu/RequestError.ts';

/** What a client can play past meetings with. */
export interface ReplayContext {
  /** Undefined where no meetings are kept. */
  replays: ReplayConnection | undefined;
}

function of({ replays }: ReplayContext): ReplayConnection {
  if (replays) return replays;
  throw new RequestError('not-found', 'this server keeps no meetings; see the setting `storage`', 'meetingId');
}

export const REPLAY_REQUESTS: Requests<ReplayContext> = {
  'replay.open': request(ReplayOpenRequest, (context: ReplayContext, wanted) => of(context).open(wanted)),
  'replay.seek': request(ReplaySeekRequest, (context: ReplayContext, wanted) => of(context).seek(wanted)),
  'replay.rate': request(ReplayRateRequest, (context: ReplayContext, wanted) => of(context).rate(wanted)),
  'replay.pause': request(ReplayRequest, (context: ReplayContext, wanted) => of(context).pause(wanted)),
  'replay.resume': request(ReplayRequest, (context: ReplayContext, wanted) => of(context).resume(wanted)),
  'replay.close': request(ReplayRequest, (context: ReplayContext, { replayId }) => {
    if (of(context).close(replayId)) return {};
    throw new RequestError('not-found', 'there is no such replay on this connection', 'replayId');
  }),
};
