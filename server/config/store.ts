/** Settings of what is kept of meetings. */
import { z } from 'zod';

export const retentionDays = z.number().min(0.01).max(3_650);

export const storeSchema = z
  .strictObject({
    file: z
      .string()
      .min(1)
      .max(1_024)
      .default('undertone-data/meetings.db')
      .describe('SQLite file of the meetings; made where there is none.')
      .meta({ allowed: 'a file' }),
    postgresUrl: z
      .string()
      .regex(/^postgres(ql)?:\/\/\S{1,2000}$/)
      .optional()
      .describe('PostgreSQL database that keeps the meetings in place of the file; holds a password.')
      .meta({ secret: true, allowed: '`postgres://USER:PASSWORD@HOST:PORT/DATABASE`' }),
    retentionDays: retentionDays
      .default(30)
      .describe('Days after its end by which a meeting is deleted; a shorter time holds for older meetings too.'),
  })
  .prefault({})
  .describe('Where meetings are kept, and how long.');

export const storageSchema = z
  .enum(['off', 'events', 'events+transcript'])
  .default('off')
  .describe(
    'What is kept of a meeting: nothing; its events without a word of what was said; or with the words. The notice ' +
      'tells the participants.',
  );
