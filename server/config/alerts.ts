import { z } from 'zod';
import { alertRules } from '../../plugin/alerts/index.ts';
import { keyOf } from '../webhooks/signature.ts';

const ms = (least: number, most: number) => z.number().int().min(least).max(most);

const webhook = z.strictObject({
  name: z
    .string()
    .regex(/^[\w-]{1,40}$/)
    .describe('Its name in logs and metrics.')
    .meta({ allowed: '1 to 40 of a-z, A-Z, 0-9, _ and -' }),
  url: z
    .url({ protocol: /^https?$/ })
    .max(2_048)
    .describe('Where alerts are posted.')
    .meta({ allowed: 'an https address; http only to this machine, or with alerts.allowHttp' }),
  secrets: z
    .array(
      z
        .string()
        .max(200)
        .refine((secret) => keyOf(secret) !== undefined),
    )
    .min(1)
    .max(4)
    .describe('What they are signed with; with several there is a signature by each.')
    .meta({
      secret: true,
      allowed: '1 to 4 of `whsec_` and 24 to 64 bytes in base64; `undertone webhook secret` makes one',
    }),
  rules: z.array(z.string().max(80)).min(1).max(100).optional().describe('Only alerts of these rules.'),
  timeoutMs: ms(100, 60_000).default(10_000).describe('How long one try may take.'),
  attempts: z.number().int().min(1).max(20).default(8).describe('Tries before a delivery is given up.'),
  backoffMs: ms(10, 60_000).default(1_000).describe('Wait after the first try; twice as long after each more.'),
  maxBackoffMs: ms(10, 3_600_000).default(300_000).describe('Longest wait, but for what `Retry-After` asks.'),
  queueSize: z.number().int().min(1).max(10_000).default(1_000).describe('Deliveries that may wait.'),
});

/** Alerts: what raises them, and where they are sent. */
export const alertsSchema = z
  .strictObject({
    rules: alertRules
      .describe('What raises an `alert`; none by default. docs/alerts.md has their fields.')
      .meta({ allowed: 'a list of up to 100 rules' }),
    webhooks: z
      .array(webhook)
      .max(20)
      .default([])
      .describe('Where alerts are posted to, signed; nowhere by default. docs/alerts.md has their fields.')
      .meta({ allowed: 'a list of up to 20 endpoints' }),
    allowHttp: z
      .boolean()
      .default(false)
      .describe('Whether webhooks may go without TLS to other machines: only in a network of your own.'),
  })
  .prefault({})
  .describe('Alerts.');
