import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { EVENT_TYPES } from '../../../plugin/events/contract/v1/event-types.ts';
import { RoomId } from '../../../plugin/events/contract/v1/messages.ts';
import { Modality } from '../../../plugin/events/contract/v1/schema.ts';
import type { MeetingDetail, MeetingList } from '../../../plugin/events/contract/v1/types.ts';
import type { Claims } from '../../gateway/access/claims.ts';
import { mayFollow } from '../../gateway/emotion/View.ts';
import type { MeetingViews } from '../../replay/MeetingViews.ts';
import { durationOf, summaryOf } from '../../replay/toAnswer.ts';
import { visibleEvents } from '../../replay/visibleEvents.ts';
import { Reports } from '../../report/index.ts';
import { RequestError } from '../../sfu/RequestError.ts';
import { JoinLimiter } from '../JoinLimiter.ts';
import type { RouteContext } from './RouteContext.ts';

/** Values of a query string are text. */
const numeric = (message: string) =>
  z
    .string()
    .regex(/^\d{1,16}(\.\d{1,9})?$/, message)
    .transform(Number);
const whole = (most: number) => {
  const message = `a whole number from 1 to ${most}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, message)
    .transform(Number)
    .refine((value) => value >= 1 && value <= most, message);
};
const offsetMs = numeric('milliseconds from the start of the meeting');
const types = z
  .string()
  .max(400)
  .transform((text) => text.split(','))
  .pipe(z.array(z.enum(EVENT_TYPES)));

const modalities = z
  .string()
  .max(40)
  .transform((text) => text.split(','))
  .pipe(z.array(Modality));

const params = z.strictObject({ meetingId: z.string().min(1).max(128) });
const listQuery = z.strictObject({
  roomId: RoomId.optional(),
  before: numeric('milliseconds of wall time').optional(),
  limit: whole(200).default(50),
});
const pageQuery = z.strictObject({ modalities: modalities.optional() });
const eventsQuery = z.strictObject({
  from: offsetMs.optional(),
  to: offsetMs.optional(),
  types: types.optional(),
  participantId: z.string().min(1).max(200).optional(),
  cursor: numeric('the `next` of the answer before').optional(),
  limit: whole(5_000).default(500),
  format: z.enum(['json', 'jsonl']).optional(),
});

const JSONL = 'application/x-ndjson; charset=utf-8';
/** Where lines alone are sent, the place to go on from is in this header. */
export const NEXT_HEADER = 'undertone-next';

/** Meetings that were kept, for those who may see something of them. */
export function meetingRoutes(app: FastifyInstance, { config, tokens, views: given }: RouteContext): void {
  const reads = new JoinLimiter(config.limits.readsPerMinute);
  const reports = new Reports();
  const reportLimit = new JoinLimiter(config.limits.reportsPerMinute);

  function views(): MeetingViews {
    if (given) return given;
    throw new RequestError('not-found', 'this server keeps no meetings; see the setting `storage`');
  }

  async function claimsOf(request: FastifyRequest): Promise<Claims | undefined> {
    reads.check(request.ip);
    const { authorization } = request.headers;
    if (authorization === undefined) return undefined;
    return tokens.verify(/^Bearer (.+)$/i.exec(authorization)?.[1]);
  }

  const unkept = (reply: FastifyReply) => reply.header('cache-control', 'no-store');

  app.get('/v1/meetings', async (request, reply) => {
    const claims = await claimsOf(request);
    const query = listQuery.parse(request.query);
    const { meetings: seen, next } = await views().list(claims, query);
    const answer: MeetingList = { meetings: seen.map(summaryOf), ...(next !== undefined && { next }) };
    return unkept(reply).send(answer);
  });

  app.get('/v1/meetings/:meetingId', async (request, reply) => {
    const claims = await claimsOf(request);
    const { meetingId } = params.parse(request.params);
    const query = pageQuery.parse(request.query);
    // Lanes of some results are made anew, out of the whole meeting.
    if (query.modalities) reportLimit.check(request.ip);
    const seen = await views().see(claims, meetingId);
    views().checkDifferencing(claims, seen);
    const page = await seen.from.page(meetingId, query);
    if (!page) throw views().noSuchMeeting();
    const shown = <T extends { participantId: string }>(all: readonly T[]) =>
      all.filter(({ participantId }) => mayFollow(seen.view, participantId));
    const answer: MeetingDetail = {
      meeting: summaryOf(page.meeting),
      shows: { all: seen.view.all, aggregate: seen.view.aggregate },
      participants: shown(page.participants).map(({ expiresMs: _, ...one }) => one),
      presence: shown(page.presence).map(({ ord: _, ...one }) => one),
      lanes: shown(page.lanes),
    };
    return unkept(reply).send(answer);
  });

  app.get('/v1/meetings/:meetingId/events', async (request, reply) => {
    const claims = await claimsOf(request);
    const { meetingId } = params.parse(request.params);
    const { from, to, cursor, format, ...query } = eventsQuery.parse(request.query);
    const seen = await views().see(claims, meetingId);
    const store = seen.from;
    if (query.participantId !== undefined && !mayFollow(seen.view, query.participantId)) {
      throw new RequestError('forbidden', 'the token does not show this participant’s events', 'participantId');
    }
    views().checkDifferencing(claims, seen);
    const { startMs } = seen.meeting;
    const placeOf = (offset: number) => store.ordAt(meetingId, startMs + offset);
    const first = cursor ?? (from === undefined ? 0 : await placeOf(from));
    const last = to === undefined || to > durationOf(seen.meeting) ? undefined : await placeOf(to);
    const { events, next } = await visibleEvents(store, meetingId, {
      ...query,
      view: seen.view,
      from: first,
      to: last,
    });
    const lines = events.map(({ json }) => json);
    if ((format ?? formatWanted(request)) === 'jsonl') {
      if (next !== undefined) reply.header(NEXT_HEADER, String(next));
      return unkept(reply)
        .type(JSONL)
        .send(lines.map((line) => `${line}\n`).join(''));
    }
    // As they were emitted, byte for byte.
    const rest = next === undefined ? '' : `,"next":${next}`;
    return unkept(reply)
      .type('application/json; charset=utf-8')
      .send(`{"events":[${lines.join(',')}]${rest}}`);
  });

  app.get('/v1/meetings/:meetingId/report', async (request, reply) => {
    const claims = await claimsOf(request);
    reportLimit.check(request.ip);
    const { meetingId } = params.parse(request.params);
    const seen = await views().see(claims, meetingId);
    views().checkDifferencing(claims, seen);
    const { k } = config.analysis.aggregate;
    const report = await reports.make(seen.from, meetingId, { view: seen.view, k });
    if (!report) throw views().noSuchMeeting();
    return unkept(reply).send(report);
  });

  app.delete('/v1/meetings/:meetingId', async (request, reply) => {
    const claims = await claimsOf(request);
    const { meetingId } = params.parse(request.params);
    if (!claims) throw new RequestError('unauthorized', 'a token with the scope admin is needed', 'token');
    if (!claims.scope.includes('admin'))
      throw new RequestError('forbidden', 'the token lacks the scope admin', 'token');
    if (views().isSample(meetingId)) {
      throw new RequestError(
        'forbidden',
        'the sample meeting ships with the program; the setting `sampleMeeting` hides it',
        'meetingId',
      );
    }
    const receipt = await views().kept?.deleteMeeting(meetingId);
    if (!receipt) throw views().noSuchMeeting();
    request.log.info({ meetingId, receiptId: receipt.receiptId }, 'meeting deleted');
    return unkept(reply).send(receipt);
  });
}

function formatWanted({ headers }: FastifyRequest): 'json' | 'jsonl' {
  return /application\/(x-ndjson|jsonl)/.test(headers.accept ?? '') ? 'jsonl' : 'json';
}
