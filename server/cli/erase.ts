import { parseArgs } from 'node:util';
import type { MeetingStore, Receipt } from '../store/index.ts';
import { openConfiguredStore, STORE_HELP, STORE_OPTIONS } from './open-store.ts';
import { UsageError } from './UsageError.ts';

const HELP = `Usage: undertone erase --participant ID [--room ID | --meeting ID] [--json]
       undertone erase --meeting ID [--json]

Erases what is kept of a participant, in all meetings, one room's or one meeting; or a whole meeting. Nothing of it stays in
the files of the database. A server that uses the same store goes on, and takes it out of its memory within about a second.
Prints a receipt: what was erased, how much, when; not whose.

  --participant ID   whom
  --room ID          in the meetings of this room alone
  --meeting ID       in this meeting alone; without --participant: the meeting itself
  --json             the receipt as JSON
${STORE_HELP}
  --help             this text`;

interface Wanted {
  participant?: string;
  room?: string;
  meeting?: string;
}

async function erase(store: MeetingStore, { participant, room, meeting }: Wanted): Promise<Receipt> {
  if (participant !== undefined) {
    return store.eraseParticipant({
      participantId: participant,
      ...(room !== undefined && { roomId: room }),
      ...(meeting !== undefined && { meetingId: meeting }),
    });
  }
  const receipt = await store.deleteMeeting(meeting ?? '');
  if (!receipt) throw new UsageError(`--meeting: ${meeting} is not kept; undertone meetings lists those that are`);
  return receipt;
}

function describe({ receiptId, what, atMs, places, failures = {} }: Receipt): string {
  const counts = Object.entries(places).map(([place, count]) => `  ${place.padEnd(14)}${count}`);
  const problems = Object.entries(failures).map(([place, reason]) => `  ${place}: could not be reached (${reason})`);
  const head = `Erased: ${what}, ${new Date(atMs).toISOString()}, receipt ${receiptId}`;
  return [head, ...counts, ...problems].join('\n');
}

export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      ...STORE_OPTIONS,
      participant: { type: 'string' },
      room: { type: 'string' },
      meeting: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const { participant, room, meeting } = values;
  if (participant === undefined && meeting === undefined) {
    throw new UsageError('erase needs --participant ID or --meeting ID; --help tells more');
  }
  if (room !== undefined && (participant === undefined || meeting !== undefined)) {
    throw new UsageError('--room: goes with --participant alone');
  }
  const store = await openConfiguredStore(values);
  try {
    const receipt = await erase(store, { participant, room, meeting });
    console.log(values.json ? JSON.stringify(receipt) : describe(receipt));
    // What is left somewhere is not erased: scripts are to see that.
    return receipt.failures ? 1 : 0;
  } finally {
    await store.close();
  }
}
