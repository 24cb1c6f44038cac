/**
 * What a client of the Socket.IO namespace `/emotion` may ask, and how the server answers: one zod source, like that of
 * the events. The gateway checks requests with it, the client takes its types from it, and the AsyncAPI document follows.
 *
 * Requests are strict, so that a misspelt field is told and not passed over. Answers may grow: a reader ignores fields
 * that it does not know.
 */
import { z } from 'zod';
import { ERROR_CODES, type ErrorCode } from './error-codes.ts';
import {
  ReplayCloseReply,
  ReplayOpenReply,
  ReplayOpenRequest,
  ReplayRateRequest,
  ReplayReply,
  ReplayRequest,
  ReplaySeekRequest,
} from './replay.ts';
import { AnalysisState, DurableEvent } from './schema.ts';
import { TraceBatch } from './trace.ts';

export const RoomId = z
  .string()
  .regex(/^[a-zA-Z0-9_-]{1,64}$/, '1 to 64 of a-z, A-Z, 0-9, _ and -')
  .describe('Id of a room.');
const participantId = z.string().min(1).max(64);
const seq = z.number().int().nonnegative();
const timeMs = z.number().nonnegative();
const labelName = z.string().trim().min(1).max(80);
const perModality = z.object({ audio: z.boolean(), video: z.boolean(), text: z.boolean() });

/** Version of the contract, `major.minor`. */
export const ContractVersion = z.string().regex(/^\d{1,4}\.\d{1,4}$/, 'major.minor, such as 1.0');

/** The `auth` of the handshake. */
export const Handshake = z.object({
  token: z
    .string()
    .min(1)
    .max(4_096)
    .optional()
    .describe('Signed token; it names the room, the participant and the rights. Needed, but for `anonymous`.'),
  contract: ContractVersion.optional().describe(
    'Contract version that the client reads; one of another major version is refused, one that says nothing is not.',
  ),
  anonymous: z.boolean().optional().describe('With `past`, without a token: sees what anybody may see, the sample.'),
  past: z.boolean().optional().describe('Comes for past meetings alone: the token’s room need not be open.'),
});

export const SubscribeRequest = z.strictObject({
  roomId: RoomId,
  participantId: participantId.optional().describe('Follow only this participant.'),
  aggregate: z.literal(true).optional().describe('Follow only the means over the room.'),
  since: seq.optional().describe('Number of the last durable event that the client has; 0 for all that is kept.'),
});

export const ConsentStatus = z.object({
  consent: perModality.describe('What the participant allows.'),
  analysed: perModality.describe('What really flows into the analyzer now.'),
});

export const ParticipantInfo = ConsentStatus.extend({ participantId, displayName: z.string() });

export const RoomLabels = z.object({
  id: z.string().optional().describe('Name of a shipped set; absent, or made up, for labels of the room’s own.'),
  labels: z.array(z.string()),
});

const accepted = { ok: z.literal(true) };

export const SubscribeReply = z.object({
  ...accepted,
  contract: z.string().optional().describe('Contract version that the server speaks.'),
  seq: seq.describe('Number of the newest durable event of the room.'),
  gapless: z
    .boolean()
    .optional()
    .describe('Whether every numbered event of the room comes: a jump in `seq` then means that one was missed.'),
  state: AnalysisState,
  participants: z.array(ParticipantInfo),
  labelSet: RoomLabels,
  missed: z.array(DurableEvent).describe('Kept durable events after `since` that this client may see, oldest first.'),
  more: z
    .boolean()
    .optional()
    .describe('Whether there are more missed events than fit: ask again with the number of the last one here.'),
  truncated: z
    .boolean()
    .optional()
    .describe('Whether some of the events after `since` are no longer kept: they cannot be had any more.'),
});

export const UnsubscribeRequest = z.strictObject({
  roomId: RoomId,
  participantId: participantId.optional(),
  aggregate: z.literal(true).optional(),
});
export const UnsubscribeReply = z.object(accepted);

export const ConsentSetRequest = z.strictObject({
  audio: z.boolean().optional(),
  video: z.boolean().optional(),
  text: z.boolean().optional(),
  noticeVersion: z.string().max(64).optional().describe('Version of the notice that was shown; needed for a yes.'),
});
export const ConsentSetReply = ConsentStatus.extend(accepted);

export const TranscriptPushRequest = z.strictObject({
  segmentId: z.string().min(1).max(200).describe('Stable while a segment is revised.'),
  text: z.string().max(2_000),
  final: z.boolean(),
  startMs: timeMs.optional(),
  endMs: timeMs.optional(),
  clock: z
    .enum(['wall', 'room', 'media'])
    .optional()
    .describe('What the times are counted from; media: RTP timestamps of the producer that is named.'),
  producerId: z.string().min(1).max(200).optional().describe('Of one’s own; needed for clock: media.'),
  words: z
    .array(z.strictObject({ text: z.string().max(200), startMs: timeMs, endMs: timeMs }))
    .max(500)
    .optional(),
  lang: z.string().max(35).optional().describe('BCP 47.'),
});
export const TranscriptPushReply = z.object(accepted);

export const LabelsSetRequest = z.strictObject({
  labels: z.union(
    [labelName, z.array(labelName).min(2).max(64)],
    'a name of a shipped set, or a list of 2 to 64 labels',
  ),
  kind: z.enum(['single', 'multi']).optional(),
});
export const LabelsSetReply = z.object({ ...accepted, id: z.string(), hash: z.string(), labels: z.array(z.string()) });

export const AccessRevokeRequest = z.strictObject({ participantId });
export const AccessRevokeReply = z.object({
  ...accepted,
  ended: z.number().int().nonnegative().describe('Connections that were ended.'),
});

export const TraceReadRequest = z.strictObject({
  participantId: participantId.optional().describe('Whose windows; one’s own where nobody is named.'),
});
export const TraceReadReply = z.object({
  ...accepted,
  batches: z.array(TraceBatch).describe('What has come since the reading before, at most some 25 s of it.'),
  retracted: z.boolean().describe('Everything read before is to be forgotten: consent was withdrawn.'),
  lost: z.number().int().nonnegative().describe('Batches that waited too long and are gone.'),
});

/** The code may be one that was added later. */
export const RequestProblem = z.object({
  code: z
    .string()
    .min(1)
    .max(80)
    .meta({ examples: Object.keys(ERROR_CODES) }),
  message: z.string().describe('For people.'),
  field: z.string().optional().describe('The field of the request at fault.'),
  url: z.string().optional().describe('With `elsewhere`: where to ask instead.'),
});

/** The answer to any request that is refused. */
export const Refusal = z.object({ ok: z.literal(false), error: RequestProblem });

/** What the server says before it ends a connection, as the Socket.IO event `session.ended`. */
export const SessionEnded = RequestProblem.omit({ field: true, url: true }).extend({
  retryable: z.boolean().describe('Whether the client may come again as it is.'),
});

interface RequestEntry {
  summary: string;
  request: z.ZodType;
  reply: z.ZodType;
  /** Codes that this request has beside those that any may have. */
  codes: readonly ErrorCode[];
}

/** Codes with which any request may be refused. */
export const COMMON_CODES = [
  'invalid',
  'unknown-event',
  'rate-limited',
  'token-expired',
  'room-closed',
  'too-large',
  'unavailable',
  'internal',
] as const satisfies readonly ErrorCode[];

/** Every request, by the name of its Socket.IO event. */
export const REQUESTS = {
  subscribe: {
    summary: 'Follows a room, or one participant, and fetches what was missed.',
    request: SubscribeRequest,
    reply: SubscribeReply,
    codes: ['forbidden', 'not-found'],
  },
  unsubscribe: {
    summary: 'Stops following what `subscribe` with the same fields began.',
    request: UnsubscribeRequest,
    reply: UnsubscribeReply,
    codes: ['forbidden'],
  },
  'consent.set': {
    summary: 'Moves one’s own consent. A yes needs the version of the notice that was shown; a no needs nothing.',
    request: ConsentSetRequest,
    reply: ConsentSetReply,
    codes: ['forbidden', 'not-joined', 'notice-outdated'],
  },
  'transcript.push': {
    summary: 'Words of one’s own, from speech recognition or typed as captions.',
    request: TranscriptPushRequest,
    reply: TranscriptPushReply,
    codes: ['forbidden', 'not-joined', 'no-consent'],
  },
  'labels.set': {
    summary: 'Asks the room another question, from the next utterance on.',
    request: LabelsSetRequest,
    reply: LabelsSetReply,
    codes: ['forbidden'],
  },
  'access.revoke': {
    summary: 'Takes back all tokens that a participant was given in the room, and ends what they opened.',
    request: AccessRevokeRequest,
    reply: AccessRevokeReply,
    codes: ['forbidden'],
  },
  'trace.read': {
    summary:
      'What the windows do with oneself, or with somebody whose events one sees, for as long as one goes on asking.',
    request: TraceReadRequest,
    reply: TraceReadReply,
    codes: ['forbidden', 'not-found', 'full'],
  },
  'replay.open': {
    summary: 'Plays a meeting that was kept, from any place and at any speed, by the rules of the live stream.',
    request: ReplayOpenRequest,
    reply: ReplayOpenReply,
    codes: ['forbidden', 'not-found', 'conflict', 'full', 'unavailable'],
  },
  'replay.seek': {
    summary: 'Leaps to another place; `replay.state` tells what stood there.',
    request: ReplaySeekRequest,
    reply: ReplayReply,
    codes: ['not-found', 'unavailable'],
  },
  'replay.rate': {
    summary: 'Plays faster or slower from here.',
    request: ReplayRateRequest,
    reply: ReplayReply,
    codes: ['not-found'],
  },
  'replay.pause': {
    summary: 'Stands still.',
    request: ReplayRequest,
    reply: ReplayReply,
    codes: ['not-found'],
  },
  'replay.resume': {
    summary: 'Goes on after `replay.pause`.',
    request: ReplayRequest,
    reply: ReplayReply,
    codes: ['not-found'],
  },
  'replay.close': {
    summary: 'Ends a replay.',
    request: ReplayRequest,
    reply: ReplayCloseReply,
    codes: ['not-found'],
  },
} as const satisfies Record<string, RequestEntry>;
