import { z } from 'zod';
import type { types as mediasoup } from 'mediasoup';
import { alertRules, type CheckedRule } from './alerts/index.ts';
import type { AggregateOptions } from './observer/aggregate/Aggregator.ts';
import { purposeSchema, refusePurpose } from './consent/purpose.ts';
import type { AttachOptions } from './observer/EmotionObserverTypes.ts';
import type { Logger, TranscriptOptions, UndertoneOptions, UtteranceOptions } from './UndertoneTypes.ts';

const SILENT: Logger = { debug() {}, info() {}, warn() {}, error() {} };

const ms = (least: number, most: number) => z.number().int().min(least).max(most);

/** Also what the server's configuration is checked against. */
export const utteranceOptions = z.strictObject({
  silenceMs: ms(100, 5_000).default(600),
  maxMs: ms(2_000, 12_000).default(12_000),
  minMs: ms(0, 2_000).default(250),
  transcriptGraceMs: ms(0, 30_000).default(1_500),
  interimMs: ms(0, 60_000).default(3_000),
});

/** Also what the server's configuration is checked against. */
export const transcriptOptions = z.strictObject({
  recogniser: z.enum(['none', 'sherpa-onnx', 'pocketsphinx']).default('none'),
  model: z.string().min(1).max(4_096).optional(),
  lang: z
    .string()
    .max(35)
    .regex(/^[a-z]{1,8}(-[a-z\d]{1,8})*$/i, 'a BCP 47 tag such as en-GB')
    .optional(),
  threads: z.number().int().min(1).max(64).default(1),
});

export const aggregateOptions = z.strictObject({
  k: z.number().int().min(5).max(1_000).default(5),
  intervalMs: z.union([z.literal(0), ms(1_000, 3_600_000)]).default(30_000),
});

/** Also what the server's configuration is checked against. */
export const auditOptions = z
  .strictObject({
    file: z.string().min(1).max(4_096).optional(),
    key: z.string().min(32).max(1_024).optional(),
    segmentBytes: z.number().int().min(1).optional(),
  })
  .refine(({ file, key }) => file === undefined || key !== undefined, {
    path: ['key'],
    message: 'is needed with a file: without it nobody would be found again after a restart',
  });

export const analysisOptions = z.strictObject({
  provider: z.enum(['auto', 'cuda', 'tensorrt', 'webgpu', 'cpu']).default('auto'),
  model: z.string().min(1).default('open'),
  utterance: utteranceOptions.prefault({}),
  transcript: transcriptOptions.prefault({}),
  videoFps: z.number().min(0.5).max(10).default(2),
  includeTranscript: z.boolean().default(true),
  inferenceThreads: z.number().int().min(1).max(64).default(1),
  historySize: z.number().int().min(0).max(100_000).default(1_000),
  aggregate: aggregateOptions.prefault({}),
  alerts: alertRules,
});

const pluginOptions = analysisOptions.extend({ audit: auditOptions.prefault({}), purpose: purposeSchema.prefault({}) });

export interface CheckedOptions
  extends
    Required<Omit<UndertoneOptions, 'utterance' | 'transcript' | 'aggregate' | 'alerts' | 'audit' | 'purpose'>>,
    Pick<z.infer<typeof pluginOptions>, 'audit' | 'purpose'> {
  utterance: UtteranceOptions;
  transcript: TranscriptOptions;
  aggregate: AggregateOptions;
  alerts: readonly CheckedRule[];
}

/** @throws TypeError naming the option */
export function checkOptions({ logger = SILENT, ...options }: UndertoneOptions): CheckedOptions {
  const parsed = pluginOptions.safeParse(options);
  if (!parsed.success) throw new TypeError(describe(parsed.error));
  const refused = refusePurpose(parsed.data.purpose);
  if (refused) throw new TypeError(`purpose: ${refused}`);
  return { ...parsed.data, logger };
}

/** @throws TypeError naming the option */
export function checkAttachOptions(router: mediasoup.Router, options: AttachOptions): void {
  if (typeof router?.createPlainTransport !== 'function') throw new TypeError('router: a mediasoup Router is needed');
  if (router.closed) throw new TypeError('router: is closed');
  const { roomId, resolveParticipant, firstSeq, noticeVersion } = options;
  if (typeof roomId !== 'string' || roomId.length < 1 || roomId.length > 200) {
    throw new TypeError('roomId: a string of 1 to 200 characters is needed');
  }
  if (typeof resolveParticipant !== 'function') {
    throw new TypeError('resolveParticipant: a function from producer to participant id is needed');
  }
  if (firstSeq !== undefined && !(Number.isSafeInteger(firstSeq) && firstSeq > 0)) {
    throw new TypeError('firstSeq: a whole number above 0 is needed');
  }
  if (noticeVersion !== undefined && !(typeof noticeVersion === 'string' && noticeVersion !== '')) {
    throw new TypeError('noticeVersion: a non-empty string is needed');
  }
}

/** The first problem, with its path: `utterance.silenceMs: Too small: expected number to be >=100`. */
function describe(error: z.ZodError): string {
  const issue = error.issues[0]!;
  return `${issue.path.join('.') || 'options'}: ${issue.message}`;
}
