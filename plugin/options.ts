import { z } from 'zod';
import type { types as mediasoup } from 'mediasoup';
import type { AttachOptions } from './observer/EmotionObserverTypes.ts';
import type { Logger, UndertoneOptions, UtteranceOptions } from './UndertoneTypes.ts';

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

export const analysisOptions = z.strictObject({
  provider: z.enum(['auto', 'cuda', 'tensorrt', 'webgpu', 'cpu']).default('auto'),
  model: z.string().min(1).default('open'),
  utterance: utteranceOptions.prefault({}),
  videoFps: z.number().min(0.5).max(10).default(2),
  includeTranscript: z.boolean().default(true),
  inferenceThreads: z.number().int().min(1).max(64).default(1),
  historySize: z.number().int().min(0).max(100_000).default(1_000),
});

export interface CheckedOptions extends Required<Omit<UndertoneOptions, 'utterance'>> {
  utterance: UtteranceOptions;
}

/** @throws TypeError naming the option */
export function checkOptions({ logger = SILENT, ...options }: UndertoneOptions): CheckedOptions {
  const parsed = analysisOptions.safeParse(options);
  if (!parsed.success) throw new TypeError(describe(parsed.error));
  return { ...parsed.data, logger };
}

/** @throws TypeError naming the option */
export function checkAttachOptions(router: mediasoup.Router, options: AttachOptions): void {
  if (typeof router?.createPlainTransport !== 'function') throw new TypeError('router: a mediasoup Router is needed');
  if (router.closed) throw new TypeError('router: is closed');
  const { roomId, resolveParticipant } = options;
  if (typeof roomId !== 'string' || roomId.length < 1 || roomId.length > 200) {
    throw new TypeError('roomId: a string of 1 to 200 characters is needed');
  }
  if (typeof resolveParticipant !== 'function') {
    throw new TypeError('resolveParticipant: a function from producer to participant id is needed');
  }
}

/** The first problem, with its path: `utterance.silenceMs: Too small: expected number to be >=100`. */
function describe(error: z.ZodError): string {
  const issue = error.issues[0]!;
  return `${issue.path.join('.') || 'options'}: ${issue.message}`;
}
