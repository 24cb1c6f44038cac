/**
 * What a browser says about its media, bounds-checked before mediasoup sees it. Fields beyond these pass: mediasoup
 * checks what it knows and ignores the rest.
 */
import { z } from 'zod';

const kind = z.enum(['audio', 'video']);
const mimeType = z.string().regex(/^(audio|video)\/[\w.+-]{1,40}$/i, 'a MIME type such as video/VP8');
const payloadType = z.number().int().min(0).max(127);
const ssrc = z.number().int().min(0).max(0xffff_ffff);
const parameters = z
  .record(z.string().max(64), z.union([z.string().max(256), z.number(), z.boolean(), z.null()]))
  .optional();
const rtcpFeedback = z
  .array(z.looseObject({ type: z.string().max(40), parameter: z.string().max(40).optional() }))
  .max(16)
  .optional();
const codec = {
  mimeType,
  clockRate: z.number().int().min(1).max(1_000_000),
  channels: z.number().int().min(1).max(8).optional(),
  parameters,
  rtcpFeedback,
};
const extensionId = z.number().int().min(1).max(255);

export const kindSchema = kind;

/** `RtpCapabilities` of mediasoup: what a client can receive. */
export const rtpCapabilitiesSchema = z.looseObject({
  codecs: z.array(z.looseObject({ kind, preferredPayloadType: payloadType.optional(), ...codec })).max(64),
  headerExtensions: z
    .array(
      z.looseObject({
        kind: kind.optional(),
        uri: z.string().max(256),
        preferredId: extensionId,
        preferredEncrypt: z.boolean().optional(),
        direction: z.enum(['sendrecv', 'sendonly', 'recvonly', 'inactive']).optional(),
      }),
    )
    .max(64)
    .optional(),
});

/** `RtpParameters` of mediasoup: what a client is about to send. */
export const rtpParametersSchema = z.looseObject({
  mid: z.string().max(32).optional(),
  codecs: z
    .array(z.looseObject({ payloadType, ...codec }))
    .min(1)
    .max(16),
  headerExtensions: z
    .array(z.looseObject({ uri: z.string().max(256), id: extensionId, encrypt: z.boolean().optional(), parameters }))
    .max(32)
    .optional(),
  encodings: z
    .array(
      z.looseObject({
        ssrc: ssrc.optional(),
        rid: z.string().max(16).optional(),
        codecPayloadType: payloadType.optional(),
        rtx: z.looseObject({ ssrc }).optional(),
        dtx: z.boolean().optional(),
        scalabilityMode: z.string().max(16).optional(),
        maxBitrate: z.number().int().min(0).max(1_000_000_000).optional(),
      }),
    )
    .min(1)
    .max(4)
    .optional(),
  rtcp: z.looseObject({ cname: z.string().max(128).optional(), reducedSize: z.boolean().optional() }).optional(),
});

/** `DtlsParameters` of mediasoup. */
export const dtlsParametersSchema = z.looseObject({
  role: z.enum(['auto', 'client', 'server']).optional(),
  fingerprints: z
    .array(
      z.looseObject({
        algorithm: z.enum(['sha-1', 'sha-224', 'sha-256', 'sha-384', 'sha-512']),
        value: z.string().regex(/^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){19,63}$/, 'hex bytes with colons'),
      }),
    )
    .min(1)
    .max(8),
});

export const idSchema = z.string().min(1).max(64);
