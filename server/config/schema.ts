/** Every setting of the server, with its default. `docs/configuration.md` is written from this file. */
import { isIP } from 'node:net';
import { z } from 'zod';
import { RoomId } from '../../plugin/events/contract/v1/messages.ts';
import { purposeSchema } from '../../plugin/consent/purpose.ts';
import {
  aggregateOptions,
  analysisOptions,
  auditOptions,
  transcriptOptions,
  utteranceOptions,
} from '../../plugin/options.ts';
import { alertsSchema } from './alerts.ts';
import { retentionDays, storageSchema, storeSchema } from './store.ts';

const port = z.number().int().min(0).max(65_535);
const mediaPort = z.number().int().min(1_024).max(65_535);
const count = (most: number) => z.number().int().min(1).max(most);

const labels = z
  .union([z.string().min(1).max(80), z.array(z.string().min(1).max(80)).min(2).max(64)])
  .meta({ allowed: 'the name of a shipped set, or a list of 2 to 64 labels of your own' });
const labelKind = z.enum(['single', 'multi']);

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
    minMs: utteranceOptions.shape.minMs.describe(
      'Shorter bursts are an utterance only with a voice in them ("mhm") or with words.',
    ),
    transcriptGraceMs: utteranceOptions.shape.transcriptGraceMs.describe('How long an utterance waits for its words.'),
    interimMs: utteranceOptions.shape.interimMs.describe(
      'How often an open utterance gives an interim result; 0: never.',
    ),
  })
  .prefault({})
  .describe('Where utterances begin and end.');

const transcript = z
  .strictObject({
    recogniser: transcriptOptions.shape.recogniser.describe(
      'Writes down what is said by those who agree to voice and words; docs/transcripts.md tells what each needs.',
    ),
    model: transcriptOptions.shape.model
      .describe('Folder of the recogniser’s model; `sherpa-onnx` needs one.')
      .meta({ allowed: 'a folder' }),
    lang: transcriptOptions.shape.lang
      .describe('Language that the model understands.')
      .meta({ allowed: 'a BCP 47 tag such as `en-GB`' }),
    threads: transcriptOptions.shape.threads.describe('Threads of `sherpa-onnx`.'),
  })
  .prefault({})
  .describe('Speech recognition in the analyzer.');

const aggregate = z
  .strictObject({
    k: aggregateOptions.shape.k.describe('Nobody can learn about fewer people than this; means are over more.'),
    intervalMs: aggregateOptions.shape.intervalMs
      .describe('How often means over the room are looked at; 0: never.')
      .meta({ allowed: '0, or an integer from 1000 to 3600000' }),
  })
  .prefault({})
  .describe('Means over a room, `emotion.aggregate`.');

const analysis = z
  .strictObject({
    provider: analysisOptions.shape.provider.describe('ONNX Runtime execution provider.'),
    model: analysisOptions.shape.model.describe('Name under `models/weights`, or a folder.'),
    utterance,
    transcript,
    videoFps: analysisOptions.shape.videoFps.describe('Face samples a second for each participant.'),
    includeTranscript: analysisOptions.shape.includeTranscript.describe('Whether finals carry the words themselves.'),
    inferenceThreads: analysisOptions.shape.inferenceThreads.describe('Threads for the model.'),
    historySize: analysisOptions.shape.historySize.describe('Durable events kept in each room for `since`.'),
    aggregate,
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
    connectionsPerAddress: count(100_000)
      .default(256)
      .describe('Socket.IO connections of one address; a whole office may share one.'),
    personalDataPerMinute: count(100_000)
      .default(30)
      .describe('Exports, erasures and recorded releases asked for from one address.'),
    readsPerMinute: count(1_000_000).default(1_200).describe('Requests about past meetings from one address.'),
    reportsPerMinute: count(1_000_000)
      .default(60)
      .describe('Reports on past meetings from one address; each reads a whole meeting.'),
    replaysPerConnection: count(1_000).default(4).describe('Meetings that one connection plays at a time.'),
    replaysPerAddress: count(100_000).default(64).describe('Meetings that are played for one address at a time.'),
    joinsPerMinute: count(100_000).default(120).describe('Rooms joined and sample calls started from one address.'),
  })
  .prefault({})
  .describe('What one server takes on.');

const origin = z.union(
  [z.literal('*'), z.string().regex(/^https?:\/\/[^/\s]{1,253}$/)],
  'an origin such as https://app.example.org, or *',
);

const cors = z
  .strictObject({
    origins: z
      .array(origin)
      .max(100)
      .default([])
      .describe('Pages of these origins may use HTTP and Socket.IO, beside those of this server’s own.')
      .meta({ allowed: 'origins such as `https://app.example.org`, or `*` for any' }),
  })
  .prefault({})
  .describe('Use from pages of other origins.');

const auth = z
  .strictObject({
    registration: z
      .boolean()
      .default(true)
      .describe('Whether anybody may register in a room; otherwise only tokens of yours open one.'),
    jwksUrl: z
      .url({ protocol: /^https?$/ })
      .max(2_048)
      .optional()
      .describe('Key set of your own issuer (JWKS), whose tokens are taken too.')
      .meta({ allowed: 'an https address; http only to this machine' }),
    issuer: z.string().min(1).max(2_048).optional().describe('Issuer (`iss`) of these tokens.'),
    audience: z.string().min(1).max(2_048).optional().describe('Audience (`aud`) that they must name.'),
    algorithms: z
      .array(z.enum(['RS256', 'PS256', 'ES256', 'EdDSA']))
      .min(1)
      .default(['RS256', 'ES256', 'EdDSA'])
      .describe('Signatures that they may have.')
      .meta({ allowed: 'of `RS256`, `PS256`, `ES256`, `EdDSA`' }),
    previousSecret: z
      .string()
      .min(32)
      .max(1_024)
      .optional()
      .describe('The former `tokenSecret`: its tokens hold until they end.')
      .meta({ secret: true }),
    clockToleranceMs: z
      .number()
      .int()
      .min(0)
      .max(60_000)
      .default(5_000)
      .describe('How far the clocks of who signs and who checks may differ.'),
  })
  .prefault({})
  .describe('Whose tokens are taken.');

const consent = z
  .strictObject({
    auditFile: auditOptions.shape.file
      .describe('File that the audit trail is appended to; by default it is kept in memory and ends with the process.')
      .meta({ allowed: 'a file, made if it is not there' }),
    auditKey: auditOptions.shape.key
      .describe('Makes the pseudonyms in the audit trail; needed with `consent.auditFile`, and kept as long as it.')
      .meta({ secret: true }),
    controller: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .optional()
      .describe('Who answers for the analysis; the notice says it.'),
    contact: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .optional()
      .describe('Where participants turn to with questions and requests; the notice says it.'),
    privacyUrl: z
      .url({ protocol: /^https?$/ })
      .max(2_048)
      .optional()
      .describe('Your full privacy notice; the notice names it.')
      .meta({ allowed: 'a web address' }),
  })
  .prefault({})
  .describe('What participants are told, and what is written down.');

const redis = z
  .strictObject({
    url: z
      .string()
      .max(2_048)
      .regex(/^rediss?:\/\/[^\s]+$/)
      .optional()
      .describe(
        'Redis that several servers share, with its password; `rediss` for TLS. Without it a server stands alone.',
      )
      .meta({ secret: true, allowed: 'such as `rediss://:password@redis.example.org:6379/0`' }),
    caFile: z.string().min(1).optional().describe('File with the certificate authority of a Redis of your own, PEM.'),
    prefix: z
      .string()
      .regex(/^[\w:.-]{1,64}$/)
      .default('undertone:')
      .describe('Beginning of all keys and channels; servers with the same one belong together.')
      .meta({ allowed: '1 to 64 of a-z, A-Z, 0-9, _ : . and -' }),
    nodeUrl: z
      .url({ protocol: /^https?$/ })
      .max(2_048)
      .optional()
      .describe('Where clients reach this very server; told to who joins a call at another one.')
      .meta({ allowed: 'such as `https://node-1.example.org`' }),
    leaseMs: z
      .number()
      .int()
      .min(2_000)
      .max(60_000)
      .default(6_000)
      .describe('A server that is silent for so long has lost its rooms.'),
    retentionMs: z
      .number()
      .int()
      .min(5_000)
      .max(300_000)
      .default(30_000)
      .describe('How long events lie in Redis for a server whose line is broken.'),
    maxEvents: z
      .number()
      .int()
      .min(100)
      .max(1_000_000)
      .default(10_000)
      .describe('About how many events lie in Redis at most.'),
  })
  .prefault({})
  .describe('Several servers as one.');

const room = z.strictObject({
  labels: labels.optional().describe('Labels of this room.'),
  labelKind: labelKind.optional().describe('Kind of this room’s labels.'),
  retentionDays: retentionDays.optional().describe('Days that this room’s meetings are kept, where they are.'),
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
    .enum(['room', 'granted', 'aggregate', 'self'])
    .default('room')
    .describe(
      'Who sees a participant’s events: everybody in the room; themselves and whom your tokens allow; themselves, and ' +
        'everybody the means over the room; only themselves. No token shows more than this.',
    ),
  purpose: purposeSchema.prefault({}),
  consent,
  labels: labels.default('big6').describe('What is asked of each utterance.'),
  labelKind: labelKind.optional().describe('For labels of your own: one holds at a time, or several may.'),
  rooms: z
    .record(RoomId, room)
    .default({})
    .describe('Settings of single rooms, by room id: `labels`, `labelKind`, `retentionDays`.')
    .meta({ allowed: 'room ids, each with `labels`, `labelKind` and `retentionDays`' }),
  storage: storageSchema,
  sampleMeeting: z
    .boolean()
    .default(true)
    .describe(
      'Show the sample meeting among past meetings, to anybody; its speakers are synthesised, nothing is kept for it.',
    ),
  store: storeSchema,
  analysis,
  alerts: alertsSchema,
  limits,
  cors,
  auth,
  redis,
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
