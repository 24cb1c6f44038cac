import { parseArgs } from 'node:util';
import { analyzeMeeting, EVERYBODY, ownView, type MeetingReport, type ReportView } from '../../plugin/index.ts';
import { describeReport, reportPage, storedReport } from '../report/index.ts';
import { DatabaseError, openStore } from '../store/index.ts';
import { checkFile, eventsIn } from './read-events.ts';
import { UsageError } from './UsageError.ts';

const HELP = `Usage: undertone report EVENTS.jsonl [OPTIONS]
       undertone report MEETING --store PLACE [OPTIONS]

Tells what the events of a meeting come to, person by person: talk and turns, what expression cues suggest, trends, moments
of change, and how much of the speech that rests on. The first form reads events of contract v1, one a line; the second a
meeting of a store. It ranks nobody. docs/analytics.md has each figure's formula and limits.

  --store PLACE      SQLite file or postgres:// address of a store
  --participant ID   the report that this participant may see: theirs alone
  --room ID          the room whose events are meant, where the file has those of several
  --json             the report as JSON (report.schema.json of the contract)
  --html             the report as one HTML page, to stdout
  --help             this text`;

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      store: { type: 'string' },
      participant: { type: 'string' },
      room: { type: 'string' },
      json: { type: 'boolean', default: false },
      html: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const [what, ...more] = positionals;
  if (what === undefined || more.length > 0) {
    throw new UsageError('report needs one EVENTS.jsonl, or one MEETING with --store; --help tells more');
  }
  if (values.json && values.html) throw new UsageError('--json and --html: give one of them');
  const view = values.participant === undefined ? EVERYBODY : ownView(values.participant);
  const report =
    values.store === undefined ? await fromFile(what, view, values.room) : await fromStore(values.store, what, view);
  if (values.participant !== undefined && report.participants.length === 0) {
    throw new UsageError(`--participant: there is no speech of ${JSON.stringify(values.participant)} in it`);
  }
  if (values.json) console.log(JSON.stringify(report));
  else console.log(values.html ? reportPage(report).trimEnd() : describeReport(report));
  return 0;
}

async function fromFile(file: string, view: ReportView, roomId: string | undefined): Promise<MeetingReport> {
  await checkFile(file);
  try {
    return await analyzeMeeting(eventsIn(file), { view, over: true, ...(roomId !== undefined && { roomId }) });
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(`${file}: ${error.message.replace('roomId', '--room')}`);
    throw error;
  }
}

async function fromStore(place: string, meetingId: string, view: ReportView): Promise<MeetingReport> {
  const postgres = /^postgres(ql)?:\/\//.test(place);
  // A store that is opened is made where there is none.
  if (!postgres) await checkFile(place);
  try {
    const store = await openStore({ file: place, ...(postgres && { postgresUrl: place }) });
    try {
      const report = await storedReport(store, meetingId, { view });
      if (!report) throw new UsageError(`${meetingId}: there is no such meeting in the store`);
      return report;
    } finally {
      await store.close();
    }
  } catch (error) {
    if (error instanceof DatabaseError) throw new UsageError(`--store: ${error.message}`);
    throw error;
  }
}
