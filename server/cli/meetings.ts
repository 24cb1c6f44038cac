import { parseArgs } from 'node:util';
import type { Meeting } from '../store/index.ts';
import { openConfiguredStore, STORE_HELP, STORE_OPTIONS } from './open-store.ts';
import { UsageError } from './UsageError.ts';

const HELP = `Usage: undertone meetings [--json]

Lists the meetings that are kept, newest first. A server that writes to the same store is not disturbed.

  --room ID          this room's alone
  --limit N          at most so many (default 100)
  --json             one JSON array
${STORE_HELP}
  --help             this text`;

function lengthOf({ startMs, endMs }: Meeting): string {
  if (endMs === undefined) return 'running';
  const minutes = Math.round((endMs - startMs) / 60_000);
  return minutes < 1 ? '<1 min' : `${minutes} min`;
}

function line(meeting: Meeting): string {
  const { meetingId, roomId, startMs, events, endReason, lost } = meeting;
  const start = new Date(startMs).toISOString().slice(0, 16).replace('T', ' ');
  const notes = [endReason === 'crash' ? 'cut off by a crash' : '', lost > 0 ? `${lost} events lost` : ''];
  const note = notes.filter(Boolean).join(', ');
  const columns = [meetingId, start, lengthOf(meeting).padStart(8), `${events} events`.padStart(14), roomId];
  return [...columns, ...(note ? [`(${note})`] : [])].join('  ');
}

export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      ...STORE_OPTIONS,
      room: { type: 'string' },
      limit: { type: 'string', default: '100' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const limit = Number(values.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000) {
    throw new UsageError(`--limit: ${values.limit} is not allowed; an integer from 1 to 1000`);
  }
  const store = await openConfiguredStore(values);
  try {
    const meetings = await store.meetings({ limit, ...(values.room !== undefined && { roomId: values.room }) });
    if (values.json) console.log(JSON.stringify(meetings));
    else console.log(meetings.length === 0 ? 'No meetings are kept.' : meetings.map(line).join('\n'));
    return 0;
  } finally {
    await store.close();
  }
}
