/** Every setting of the server, with its default. `docs/configuration.md` is written from this file. */
import { isIP } from 'node:net';
import { z } from 'zod';
import { analysisOptions, utteranceOptions } from '../../plugin/options.ts';
import { purposeSchema } from './purpose.ts';

const port = z.number().int().min(0).max(65_535);
const mediaPort = z.number().int().min(1_024).max(65_535);
const count = (most: number) => z.number().int().min(1).max(most);

const labels = z
  .union([z.string().min(1).max(80), z.array(z.string().min(1).max(80)).min(2).max(64)])
  .meta({ allowed: 'the name of a shipped set, or a list of 2 to 64 labels of your own' });
const labelKind = z.enum(['single', 'multi']);

export const roomIdSchema = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, '1 to 64 of a-z, A-Z, 0-9, _ and -');

const tls = z
  .strictObject({
    cert: z.string().min(1).describe('File with the certificate chain, PEM.'),
    key: z.string().min(1).describe('File with the private key, PEM.'),
  })
  .optional()
  .describe('Serve HTTPS. Browsers give camera and microphone only to localhost and HTTPS.');

const rtc = z
  .strictObject({
    listenAddress: z
      .string()
      .refine((value) => isIP(value) !== 0, 'an IPv4 or IPv6 address')
      .optional()
      .describe('Address for media; by default the one that `host` names.')
      .meta({ allowed: 'an IPv4 or IPv6 address' }),
    minPort: mediaPort.default(40_000).describe('First port for media; each worker takes one for UDP and one for TCP.'),
    maxPort: mediaPort.default(40_999).describe('Last port for media.'),
    enableUdp: z.boolean().default(true).describe('Media over UDP.'),
    enableTcp: z.boolean().default(true).describe('Media over TCP, for networks that stop UDP.'),
    initialBitrate: z
      .number()
      .int()
      .min(100_000)
      .max(20_000_000)
      .default(1_000_000)
      .describe('Bits a second sent to a participant before the first bandwidth estimate.'),
  })
  .prefault({})
  .describe('Media transport.');

const utterance = z
  .strictObject({
    silenceMs: utteranceOptions.shape.silenceMs.describe('Silence that ends an utterance.'),
    maxMs: utteranceOptions.shape.maxMs.describe('Longest utterance; split at its quietest point.'),
    minMs: utteranceOptions.shape.minMs.describe('Shorter bursts are no utterance.'),
    transcriptGraceMs: utteranceOptions.shape.transcriptGraceMs.describe('How long an utterance waits for its words.'),
    interimMs: utteranceOptions.shape.interimMs.describe(
      'How often an open utterance gives an interim result; 0: never.',
    ),
  })
  .prefault({})
  .describe('Where utterances begin and end.');

const analysis = z
  .strictObject({
    provider: analysisOptions.shape.provider.describe('ONNX Runtime execution provider.'),
    model: analysisOptions.shape.model.describe('Name under `models/weights`, or a folder.'),
    utterance,
    videoFps: analysisOptions.shape.videoFps.describe('Face samples a second for each participant.'),
    includeTranscript: analysisOptions.shape.includeTranscript.describe('Whether finals carry the words themselves.'),
    inferenceThreads: analysisOptions.shape.inferenceThreads.describe('Threads for the model.'),
    historySize: analysisOptions.shape.historySize.describe('Durable events kept in each room for `since`.'),
  })
  .prefault({})
  .describe('The analyzer.');

const limits = z
  .strictObject({
    participantsPerRoom: count(1_000).default(50).describe('People in one room.'),
    rooms: count(10_000).default(200).describe('Rooms at a time.'),
    sampleCalls: z.number().int().min(0).max(64).default(4).describe('Sample calls at a time; 0 turns them off.'),
    payloadBytes: z
      .number()
      .int()
      .min(16_384)
      .max(1_048_576)
      .default(65_536)
      .describe('Largest HTTP body and Socket.IO message.'),
    messagesPerSecond: count(100_000)
      .default(100)
      .describe('Socket.IO messages a second of one client; four times as many in a burst, as when joining.'),
    joinsPerMinute: count(100_000).default(120).describe('Rooms joined and sample calls started from one address.'),
  })
  .prefault({})
  .describe('What one server takes on.');

const room = z.strictObject({
  labels: labels.optional().describe('Labels of this room.'),
  labelKind: labelKind.optional().describe('Kind of this room’s labels.'),
});

export const configSchema = z.strictObject({
  host: z.string().min(1).max(255).default('127.0.0.1').describe('Address to listen on; 0.0.0.0 for all.'),
  port: port.default(3_000).describe('Port for HTTP and Socket.IO; 0 for any free one.'),
  tls,
  trustProxy: z
    .boolean()
    .default(false)
    .describe('Take a client’s address from X-Forwarded-For; only behind a proxy of your own.'),
  announcedAddress: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe('Address that browsers reach media at, when it is not the one listened on (NAT, containers).'),
  rtc,
  workers: z
    .union([z.literal('auto'), count(128)])
    .default('auto')
    .describe('mediasoup workers; `auto` for one per core.')
    .meta({ allowed: '`auto`, or an integer from 1 to 128' }),
  logLevel: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('Log lines from this level up.'),
  visibility: z
    .enum(['room', 'self'])
    .default('room')
    .describe('Who sees a participant’s events: everybody in the room, or only themselves.'),
  purpose: purposeSchema.prefault({}),
  labels: labels.default('big6').describe('What is asked of each utterance.'),
  labelKind: labelKind.optional().describe('For labels of your own: one holds at a time, or several may.'),
  rooms: z
    .record(roomIdSchema, room)
    .default({})
    .describe('Settings of single rooms, by room id: `labels`, `labelKind`.')
    .meta({ allowed: 'room ids, each with `labels` and `labelKind`' }),
  analysis,
  limits,
  tokenSecret: z
    .string()
    .min(32)
    .max(1_024)
    .optional()
    .describe('Signs the participants’ tokens; by default random, so that tokens end with the process.')
    .meta({ secret: true }),
  tokenTtlMs: z
    .number()
    .int()
    .min(60_000)
    .max(604_800_000)
    .default(43_200_000)
    .describe('How long a participant’s token lasts.'),
  shutdownMs: z
    .number()
    .int()
    .min(500)
    .max(60_000)
    .default(3_000)
    .describe('Longest time from SIGTERM to the end of the process.'),
});

export type Config = z.infer<typeof configSchema>;
/** Settings as one writes them: what is left out has its default. */
export type ConfigInput = z.input<typeof configSchema>;
