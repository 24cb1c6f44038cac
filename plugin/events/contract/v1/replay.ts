/**
 * A meeting that was kept, played back: what a client asks, and what comes. An event is exactly the one that was emitted live;
 * it goes to the one viewer only, under a name of its own, so that nobody takes it for something that happens now.
 */
import { z } from 'zod';
import { MeetingParticipant, MeetingSummary } from './meetings.ts';
import { Event } from './schema.ts';

export const MIN_SPEED = 0.25;
export const MAX_SPEED = 32;

const accepted = { ok: z.literal(true) };
const replayId = z
  .string()
  .regex(/^[a-zA-Z0-9_-]{1,64}$/, '1 to 64 of a-z, A-Z, 0-9, _ and -')
  .describe('Chosen by the client; names the replay on this connection.');
const positionMs = z.number().nonnegative().describe('Milliseconds from the start of the meeting.');
const speed = z.number().min(MIN_SPEED).max(MAX_SPEED).describe('1 is as it was live.');
const ord = z.number().int().nonnegative().describe('Place of the event in the order of emission.');

export const ReplayPosition = z.object({
  positionMs,
  speed,
  playback: z
    .enum(['playing', 'paused', 'waiting', 'ended'])
    .describe('`waiting`: for the viewer to read what was sent, or for the store.'),
});

export const ReplayOpenRequest = z.strictObject({
  replayId,
  meetingId: z.string().min(1).max(128),
  from: positionMs.optional().describe('Where to begin, milliseconds from the start; the start by default.'),
  after: ord
    .optional()
    .describe('Goes on behind this event, the last one that the client has; `from` is then its time.'),
  speed: speed.optional(),
  paused: z.boolean().optional().describe('Waits for `replay.resume`.'),
});
export const ReplayOpenReply = ReplayPosition.extend({
  ...accepted,
  contract: z.string().describe('Contract version that the server speaks.'),
  meeting: MeetingSummary,
  participants: z.array(MeetingParticipant).describe('Those whose events this client may see.'),
});

export const ReplaySeekRequest = z.strictObject({ replayId, to: positionMs });
export const ReplayRateRequest = z.strictObject({ replayId, speed });
export const ReplayRequest = z.strictObject({ replayId });
export const ReplayReply = ReplayPosition.extend(accepted);
export const ReplayCloseReply = z.object(accepted);

/** Sent at the beginning and after each leap, before any event of the new place. */
export const ReplayState = ReplayPosition.extend({
  replayId,
  events: z
    .array(Event)
    .describe(
      'What had last been said of the room and of each participant, oldest first: together, the state that was live.',
    ),
  present: z.array(z.string()).describe('Ids of those who were in the call, as far as this client may see them.'),
});
export const ReplayEvent = z.object({ replayId, ord, event: Event.describe('The event as it was emitted live.') });
/** Sent once a second, and when something about it changes. */
export const ReplayPositionMessage = ReplayPosition.extend({ replayId });
export const ReplayRetracted = z.object({
  replayId,
  participantId: z.string().describe('Everything that this replay gave out about this participant is to be forgotten.'),
});
export const ReplayClosed = z.object({
  replayId,
  code: z.string().min(1).max(80).describe('One of the error codes: `not-found` when the meeting was deleted.'),
  message: z.string().describe('For people.'),
});

/** What the server sends about replays, by the name of its Socket.IO event. */
export const REPLAY_MESSAGES = {
  'replay.state': { summary: 'What stood at the place to which a replay has leapt.', payload: ReplayState },
  'replay.event': { summary: 'An event of a meeting that is replayed.', payload: ReplayEvent },
  'replay.position': { summary: 'Where a replay is.', payload: ReplayPositionMessage },
  'replay.retracted': { summary: 'Somebody was erased while their meeting is replayed.', payload: ReplayRetracted },
  'replay.closed': { summary: 'The server has ended a replay.', payload: ReplayClosed },
} as const satisfies Record<string, { summary: string; payload: z.ZodType }>;
