/**
 * Records a meeting without end, to be killed: `node recording-child.ts FILE [POSTGRES_URL]`. Says on stdout which event it has
 * emitted, and when.
 */
import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { openStore } from '../../server/store/index.ts';
import { StoreWriter } from '../../server/store/recording/StoreWriter.ts';
import { toOperations } from '../../server/store/recording/toOperations.ts';
import { finalEvent, MEETING } from './support-events.ts';

const [file = '', postgresUrl] = process.argv.slice(2);
const store = await openStore({ file, ...(postgresUrl !== undefined && { postgresUrl }) });
const quiet = () => undefined;
const writer = new StoreWriter({ store, log: { debug: quiet, info: quiet, warn: quiet, error: quiet } });
const meetingId = randomUUID();
writer.begin({ ...MEETING, meetingId, startMs: Date.now() });
writeSync(1, `${meetingId}\n`);
let ord = 0;
// 500 events a second: far more than a room has.
setInterval(() => {
  for (let i = 0; i < 5; i++) {
    const atMs = Date.now();
    const said = {
      participantId: `p${ord % 7}`,
      utteranceId: `u${ord}`,
      startMs: atMs - 3_000,
      endMs: atMs,
      text: 'one two',
    };
    writer.push(meetingId, toOperations(finalEvent(ord + 1, said), ord, MEETING.storage));
    // Written at once and without a buffer: what was said before the end arrives.
    writeSync(1, `${ord} ${atMs}\n`);
    ord += 1;
  }
}, 10);
