import type { MigrationSet } from './MigrationTypes.ts';

/**
 * Meetings, who took part, and every event as it was emitted, in the order of emission (`ord`). Who somebody is stands in
 * `participants` and in the JSON of events, nowhere else: the other tables know a participant by a number.
 */
export const meetingMigrations: MigrationSet = {
  module: 'meetings',
  personalTables: ['participants', 'events', 'lanes', 'lane_blocks'],
  migrations: [
    {
      version: 1,
      name: 'meetings, participants, presence, events, lanes, erasures',
      statements: [
        `CREATE TABLE meetings (
          key {{key}},
          meeting_id TEXT NOT NULL UNIQUE,
          room_id TEXT NOT NULL,
          source TEXT NOT NULL,
          title TEXT,
          start_ms DOUBLE PRECISION NOT NULL,
          end_ms DOUBLE PRECISION,
          end_reason TEXT,
          storage TEXT NOT NULL,
          retention_days DOUBLE PRECISION,
          labels TEXT NOT NULL,
          model TEXT,
          notice_version TEXT,
          visibility TEXT,
          purpose TEXT,
          contract TEXT NOT NULL,
          software TEXT NOT NULL,
          last_seq BIGINT NOT NULL DEFAULT 0,
          last_ms DOUBLE PRECISION NOT NULL,
          events BIGINT NOT NULL DEFAULT 0,
          lost BIGINT NOT NULL DEFAULT 0,
          owner TEXT
        )`,
        'CREATE INDEX meetings_by_room ON meetings (room_id, start_ms)',
        'CREATE INDEX meetings_by_start ON meetings (start_ms)',
        `CREATE TABLE participants (
          key {{key}},
          meeting BIGINT NOT NULL REFERENCES meetings (key) ON DELETE CASCADE,
          participant_id TEXT NOT NULL,
          display_name TEXT,
          role TEXT,
          expires_ms DOUBLE PRECISION,
          UNIQUE (meeting, participant_id)
        )`,
        `CREATE TABLE presence (
          meeting BIGINT NOT NULL REFERENCES meetings (key) ON DELETE CASCADE,
          participant BIGINT NOT NULL REFERENCES participants (key) ON DELETE CASCADE,
          ord BIGINT NOT NULL,
          at_ms DOUBLE PRECISION NOT NULL,
          change TEXT NOT NULL
        )`,
        'CREATE INDEX presence_by_meeting ON presence (meeting, ord)',
        'CREATE INDEX presence_by_participant ON presence (participant)',
        `CREATE TABLE events (
          meeting BIGINT NOT NULL REFERENCES meetings (key) ON DELETE CASCADE,
          ord BIGINT NOT NULL,
          seq BIGINT,
          type TEXT NOT NULL,
          participant BIGINT REFERENCES participants (key) ON DELETE CASCADE,
          utterance_id TEXT,
          at_ms DOUBLE PRECISION NOT NULL,
          start_ms DOUBLE PRECISION,
          end_ms DOUBLE PRECISION,
          uses BIGINT NOT NULL DEFAULT 0,
          json TEXT NOT NULL,
          PRIMARY KEY (meeting, ord)
        )`,
        'CREATE INDEX events_by_participant ON events (participant, utterance_id)',
        'CREATE INDEX events_by_type ON events (meeting, type, ord)',
        'CREATE INDEX events_by_time ON events (meeting, at_ms)',
        `CREATE TABLE lanes (
          meeting BIGINT NOT NULL REFERENCES meetings (key) ON DELETE CASCADE,
          participant BIGINT NOT NULL REFERENCES participants (key) ON DELETE CASCADE,
          bucket_ms DOUBLE PRECISION NOT NULL,
          json TEXT NOT NULL,
          PRIMARY KEY (meeting, participant)
        )`,
        'CREATE INDEX lanes_by_participant ON lanes (participant)',
        `CREATE TABLE erasures (
          key {{key}},
          receipt_id TEXT NOT NULL UNIQUE,
          at_ms DOUBLE PRECISION NOT NULL,
          what TEXT NOT NULL,
          cause TEXT NOT NULL,
          salt TEXT,
          subject TEXT,
          room_id TEXT,
          meeting_id TEXT,
          places TEXT NOT NULL
        )`,
      ],
    },
    {
      version: 2,
      name: 'sums for the lanes of a meeting that runs',
      statements: [
        // Where it is missing, the lanes are worked out from the events: such a meeting is older than this.
        'ALTER TABLE meetings ADD COLUMN lane_ms BIGINT',
        `CREATE TABLE label_sets (
          meeting BIGINT NOT NULL REFERENCES meetings (key) ON DELETE CASCADE,
          place BIGINT NOT NULL,
          hash TEXT NOT NULL,
          names TEXT NOT NULL,
          PRIMARY KEY (meeting, hash)
        )`,
        `CREATE TABLE lane_blocks (
          meeting BIGINT NOT NULL REFERENCES meetings (key) ON DELETE CASCADE,
          width_ms BIGINT NOT NULL,
          block BIGINT NOT NULL,
          participant BIGINT NOT NULL REFERENCES participants (key) ON DELETE CASCADE,
          json TEXT NOT NULL,
          PRIMARY KEY (meeting, width_ms, block, participant)
        )`,
        'CREATE INDEX lane_blocks_by_participant ON lane_blocks (participant)',
        // Each of these was looked up for every event: whoever writes and whoever erases holds the rows instead, once a batch.
        { only: 'postgres', sql: 'ALTER TABLE events DROP CONSTRAINT events_meeting_fkey' },
        { only: 'postgres', sql: 'ALTER TABLE events DROP CONSTRAINT events_participant_fkey' },
        // Rows are written anew again and again: with room beside them that leaves the indexes alone.
        { only: 'postgres', sql: 'ALTER TABLE lane_blocks SET (fillfactor = 50)' },
      ],
    },
  ],
};
