/**
 * What a meeting's events come to, as `analyzeMeeting()` and `undertone report --json` tell it. Times are wall ms at the SFU,
 * shares and probabilities 0 to 1; docs/analytics.md has the formula of each figure. Every figure is about what was
 * expressed and what the analyzer heard: people in it stand in the order of their ids, never in one of merit.
 */
import { z } from 'zod';
import { LabelSetRef, Modality, ModalityReason, Span } from './schema.ts';

const id = z.string().min(1).max(200);
const wallMs = z.number().nonnegative();
const durationMs = z.number().nonnegative();
const share = z.number().min(0).max(1);
const count = z.number().int().nonnegative();

export const Slope = z
  .object({
    perHour: z.number().describe('Theil-Sen slope, in units of the figure an hour.'),
    low: z.number().describe('Lower end of its 95 % interval (Sen 1968).'),
    high: z.number(),
    clear: z.boolean().describe('Whether the interval leaves out 0.'),
  })
  .describe('How a figure moved over the meeting.');

export const ReportLabel = z.object({
  name: z.string().min(1).max(80),
  share: share
    .nullable()
    .describe('Part of the speech with a result in which this label led clearly; null for a dimensional set.'),
  mean: share.describe('Mean of its p over the clear results, each weighted by its length.'),
  slope: Slope.nullable(),
});

export const ReportExpressions = z
  .object({
    labelSet: LabelSetRef,
    results: count.describe('Clear results: those that did not abstain.'),
    unclear: count.describe('Results that abstained.'),
    resultMs: durationMs.describe('Length of the utterances with a result, clear or not.'),
    unclearShare: share.describe('Part of `resultMs` whose results abstained.'),
    labels: z.array(ReportLabel).describe('In the order of their names.'),
    bins: z
      .array(z.object({ startMs: wallMs, results: count, means: z.array(share) }))
      .describe('Stretches of `binMs` with a clear result; `means` in the order of `labels`.'),
  })
  .describe('Results of one label set; p of different sets cannot be compared.');

export const ReportScale = z.object({
  name: z.enum(['sentiment', 'valence', 'arousal', 'dominance']),
  results: count,
  mean: z.number().describe('Mean over the clear results, each weighted by its length.'),
  slope: Slope.nullable(),
  bins: z.array(z.object({ startMs: wallMs, results: count, mean: z.number() })),
});

const level = z.object({ name: z.string(), before: z.number(), after: z.number() });

export const ReportMoment = z
  .object({
    atMs: wallMs.describe('When the first utterance after the change began.'),
    of: z.enum(['sentiment', 'labels']),
    labelSet: LabelSetRef.optional(),
    changed: z
      .array(level)
      .min(1)
      .describe('Means of the stretches before and after it; of labels the three that moved most.'),
    resultsBefore: count,
    resultsAfter: count,
  })
  .describe('Where the level of a series of results changed.');

const reasons = z.array(z.object({ reason: ModalityReason, results: count }));
const modalityCoverage = z.object({
  usedShare: share.describe('Part of the speech with a result in which it was used.'),
  reasons: reasons.describe('Why it was not used, or used with less; in the order of their names.'),
});

export const ReportCoverage = z.object({
  utterances: count.describe('Utterances that ended.'),
  open: count.describe('Utterances that began and of whose end nothing is told; they count nowhere else.'),
  speechMs: durationMs.describe('Length of the utterances that ended.'),
  clearShare: share.describe('Part of `speechMs` with a result that did not abstain.'),
  abstained: z.array(z.object({ reason: z.enum(['low-confidence', 'no-modality']), utterances: count, share: share })),
  withoutResult: z.object({ utterances: count, share }),
  modalities: z.record(Modality, modalityCoverage),
});

export const ReportInterplay = z
  .object({
    turns: count,
    medianTurnMs: durationMs.nullable(),
    longestTurnMs: durationMs.nullable(),
    backChannels: count,
    overlapMs: durationMs.describe('Time in which somebody else spoke as well.'),
    responses: count.describe('Turns begun at most 10 s after the turn of somebody else.'),
    medianResponseMs: z.number().nullable().describe('From the end of that turn; negative where the turns overlap.'),
    interruptionsMade: count,
    interruptionsReceived: count,
  })
  .describe('What rests on the speech of others as well.');

export const ParticipantReport = z.object({
  participantId: id,
  talk: z.object({
    talkMs: durationMs,
    shareOfMeeting: share,
    utterances: count,
    longestMs: durationMs,
  }),
  interplay: ReportInterplay.nullable().describe('Null where it is withheld.'),
  expressions: z.array(ReportExpressions).describe('By label set, in the order in which they were asked.'),
  scales: z.array(ReportScale),
  moments: z.array(ReportMoment).describe('In the order of time.'),
  coverage: ReportCoverage,
  confidence: z
    .object({ results: count, mean: share.describe('Mean of `confidence`, each result weighted by its length.') })
    .nullable(),
  agreement: z.object({
    modalities: z
      .null()
      .describe('An event holds one result for all modalities together and none for each, so it cannot be told.'),
    words: z
      .object({
        utterances: count.describe('Those with a result from before their words and one with them.'),
        sameLeading: share.describe('Part of them in which the same label leads.'),
        sentimentShift: z.number().nonnegative().describe('Mean absolute difference of sentiment.'),
        distance: share.describe(
          'Mean total variation distance of the labels; of sets whose p do not sum to 1, mean |difference|.',
        ),
      })
      .nullable()
      .describe('How far late words moved the results.'),
  }),
});

export const ReportSpeech = z.object({
  people: count,
  anyoneMs: durationMs.describe('Time in which at least one person spoke.'),
  overlapMs: durationMs.describe('Time in which at least two did.'),
  silenceMs: durationMs,
  interruptions: count,
});

export const ReportRoom = z.object({
  source: z
    .enum(['results', 'live-means'])
    .describe('Whether it is made of the results or of `emotion.aggregate` events.'),
  people: z.number().int().min(5),
  labelSet: LabelSetRef,
  labels: z
    .array(z.object({ name: z.string(), p: share }))
    .describe('Means in which each person counts once; in hundredths.'),
  sentiment: z.number().min(-3).max(3).describe('In tenths.'),
  dimensions: z
    .object({ valence: share, arousal: share, dominance: share })
    .partial()
    .optional()
    .describe('Those that the results of all of them have; in hundredths.'),
});

export const WithheldReason = z.enum(['not-allowed', 'too-few-people', 'not-over', 'taken-back', 'others-seen']);

export const MeetingReport = z.object({
  v: z.literal(1),
  roomId: id.nullable().describe('Null where there were no events.'),
  span: Span.nullable().describe('From the first speech to the last, unless it was given; null where nobody spoke.'),
  lengthMs: durationMs,
  binMs: z.number().int().positive().describe('Length of the stretches of a trend.'),
  view: z.enum(['everybody', 'some', 'room']).describe('Whose analytics are in it.'),
  speech: ReportSpeech.nullable(),
  participants: z.array(ParticipantReport).describe('In the order of their ids.'),
  room: ReportRoom.nullable(),
  withheld: z.array(z.object({ what: z.enum(['speech', 'interplay', 'room']), reason: WithheldReason })),
  method: z
    .record(z.string(), z.number())
    .describe('Thresholds by which the figures were made; two reports compare only where they are the same.'),
});
