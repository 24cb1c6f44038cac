/** Records until the disk is full, and tells as JSON what came of it: `node full-disk-child.ts FILE`. */
import { randomUUID } from 'node:crypto';
import { openStore } from '../../server/store/index.ts';
import { StoreWriter } from '../../server/store/recording/StoreWriter.ts';
import { toOperations } from '../../server/store/recording/toOperations.ts';
import { finalEvent, MEETING } from './support-events.ts';

const store = await openStore({ file: process.argv[2] ?? '' });
const quiet = () => undefined;
const errors: string[] = [];
const log = {
  debug: quiet,
  info: quiet,
  warn: quiet,
  error: (_facts: object, message: string) => void errors.push(message),
};
const writer = new StoreWriter({ store, log });
const meetingId = randomUUID();
writer.begin({ ...MEETING, meetingId });
let ord = 0;
let blockedMs = 0;
for (let round = 0; round < 40; round++) {
  for (let i = 0; i < 50; i++, ord++) {
    const said = { participantId: 'ada', utteranceId: `u${ord}`, startMs: ord, endMs: ord + 1, text: 'one two three' };
    const event = finalEvent(ord + 1, said);
    const startedMs = performance.now();
    writer.push(meetingId, toOperations(event, ord, MEETING.storage));
    blockedMs = Math.max(blockedMs, performance.now() - startedMs);
  }
  await writer.flush();
}
const { failing, queued } = writer.status;
const stored = (await store.meeting(meetingId))?.events;
process.stdout.write(JSON.stringify({ failing, queued, blockedMs, errors, stored }), () => process.exit(0));
