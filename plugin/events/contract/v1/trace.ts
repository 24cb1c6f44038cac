/** What the windows do with a participant, as `trace.read` tells it. All times are wall ms at the SFU. */
import { z } from 'zod';
import { Modality, ModalityReason, Span, Trigger } from './schema.ts';

const id = z.string().max(200);
const wallMs = z.number();
const probability = z.number().min(0).max(1);

export const TraceFrames = z
  .object({
    startMs: wallMs,
    frameMs: z.number().positive().describe('What a value stands for: 32, or a multiple in a long trace.'),
    level: z.array(z.number()).describe('Root mean square, dBFS, -96 to 0.'),
    speech: z.array(probability).describe('Speech probability.'),
    concealed: z.array(probability).describe('Share that the decoder made up for what was lost.'),
  })
  .describe('A stretch of sound without a hole, frame by frame. The three lists are of one length.');

export const TraceSpeech = z
  .object({ startMs: wallMs, endMs: wallMs, open: z.boolean().describe('Goes on.') })
  .describe('A stretch that was judged to be speech; with the same start it replaces its older self.');

export const TraceGap = z
  .object({ fromMs: wallMs, toMs: wallMs, reason: z.enum(['dtx', 'loss', 'long-gap']) })
  .describe('A stretch for which no sound came.');

export const TraceFace = z
  .object({
    atMs: wallMs,
    quality: probability.nullable().describe('0 (useless) to 1; null where no face was found.'),
    reasons: z.array(z.string()).describe('What is wrong with it.'),
  })
  .describe('One sampled frame of video.');

const decided = { utteranceId: id, atMs: wallMs.describe('How far the data reached when this was decided.') };

export const TraceWindowEvent = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('open'), ...decided, startMs: wallMs, trigger: z.enum(['speech', 'words']) }),
    z.object({ kind: z.literal('close'), ...decided, span: Span, trigger: Trigger }),
    z.object({ kind: z.literal('discard'), ...decided }),
  ])
  .describe('A window opened, closed, or turned out to be none.');

const word = { text: z.string(), startMs: wallMs, endMs: wallMs };
export const TraceWord = z.object(word);

export const TraceSegment = z
  .object({
    segmentId: id,
    final: z.boolean(),
    exact: z.boolean().describe('False where the times of the words are estimates.'),
    arrivalMs: wallMs,
    words: z.array(TraceWord),
  })
  .describe('A segment as it came, its words placed in time. The same id replaces the segment.');

export const TraceText = z
  .object({ utteranceId: id, words: z.array(z.object({ ...word, final: z.boolean() })) })
  .describe('The words of one utterance, all of them, each time they change.');

export const TraceModality = z.object({
  atMs: wallMs,
  modality: Modality,
  available: z.boolean(),
  reason: ModalityReason.optional(),
});

export const TraceBatch = z
  .object({
    frames: z.array(TraceFrames),
    speech: z.array(TraceSpeech),
    gaps: z.array(TraceGap),
    faces: z.array(TraceFace),
    windows: z.array(TraceWindowEvent),
    segments: z.array(TraceSegment),
    texts: z.array(TraceText),
    modalities: z.array(TraceModality),
    lost: z.number().int().nonnegative().describe('Entries that found no room.'),
  })
  .describe('What the windows have done since the batch before.');
