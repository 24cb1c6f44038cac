/**
 * Meetings that were kept: what `GET /v1/meetings` and its relatives answer, and what a replay is about. Answers may grow: a
 * reader ignores fields that it does not know.
 */
import { z } from 'zod';

const wallMs = z.number().nonnegative();
const durationMs = z.number().nonnegative();
const count = z.number().int().nonnegative();
const share = z.number().min(0).max(1);
const participantId = z.string().min(1).max(200);

export const MeetingSummary = z.object({
  meetingId: z.string(),
  roomId: z.string(),
  source: z.string().describe('Where its media came from: `call`, `sample`, `recording`, or one that was added later.'),
  title: z.string().optional(),
  startMs: wallMs,
  endMs: wallMs.optional().describe('Absent while it runs.'),
  endReason: z
    .string()
    .optional()
    .describe('`crash`: the process that recorded it was gone before it could say the end.'),
  durationMs: durationMs.describe('To the end, or to the last event where that is later.'),
  storage: z.string().describe('`events`: without what was said; `events+transcript`: with it.'),
  labels: z.object({ id: z.string().optional(), labels: z.array(z.string()) }),
  model: z.object({ id: z.string(), version: z.string() }).optional(),
  visibility: z.string().optional().describe('The most that anybody sees of it.'),
  retentionDays: z.number().optional().describe('Deleted so many days after its end.'),
  events: count.describe('Events that are kept, of everybody.'),
  lost: count.describe('Events that could not be kept.'),
});

/** Meetings, newest first. */
export const MeetingList = z.object({
  meetings: z.array(MeetingSummary),
  next: wallMs.optional().describe('There may be more: ask again with this as `before`.'),
});

export const MeetingParticipant = z.object({
  participantId,
  displayName: z.string().optional(),
  role: z.string().optional(),
});

export const MeetingPresence = z.object({ participantId, change: z.enum(['join', 'leave']), atMs: wallMs });

/** What a participant's results looked like over a meeting. */
export const MeetingLane = z.object({
  participantId,
  displayName: z.string().optional(),
  bucketMs: durationMs.describe('Length of a stretch.'),
  labels: z.array(z.string()),
  utterances: count,
  abstained: count,
  speechMs: durationMs,
  p: z.array(share).describe('Means over all results that did not abstain, in the order of `labels`.'),
  sentiment: z.number().min(-3).max(3),
  coverage: z.object({ audio: share, video: share, text: share }).describe('Share of results each took part in.'),
  buckets: z
    .array(
      z.object({
        i: count.describe('Which stretch, from the start of the meeting.'),
        n: count.describe('Final results that begin in it.'),
        speechMs: durationMs,
        p: z.array(share),
        sentiment: z.number().min(-3).max(3),
      }),
    )
    .describe('Stretches without results are left out.'),
});

/** What a page shows of a meeting before anybody zooms in; of those whom the token shows. */
export const MeetingDetail = z.object({
  meeting: MeetingSummary,
  /** Whether events of everybody can be seen, or means over them. */
  shows: z.object({ all: z.boolean(), aggregate: z.boolean() }),
  participants: z.array(MeetingParticipant),
  presence: z.array(MeetingPresence),
  lanes: z.array(MeetingLane),
});
