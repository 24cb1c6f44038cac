import { access } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { AuditError, verifyAuditFile, type AuditRecord, type AuditReport } from '../../plugin/index.ts';
import { Pseudonyms } from '../../plugin/consent/audit/pseudonyms.ts';
import { describeRecord } from './describe-audit.ts';
import { UsageError } from './UsageError.ts';

const KEY_VARIABLE = 'UNDERTONE_CONSENT_AUDIT_KEY';

const HELP = `Usage: undertone audit verify FILE [--head HASH] [--json]
       undertone audit show FILE [--participant ID] [--room ID] [--json]

verify  follows the chain of an audit trail (\`consent.auditFile\`) and tells the first line that was changed, put in, taken out
        or moved. It ends with 0 when there is none, else with 1. That lines are missing at the end shows only against a hash
        that was kept elsewhere, such as that on a receipt of an erasure. Files of the same trail that have become long and
        were given a number (FILE.000001) are read first.
show    prints the records, after the same check.

  --head HASH        a record that the trail once had: whether it still has it
  --participant ID   only what is about, or was done by, this participant; the key of the pseudonyms comes from
                     ${KEY_VARIABLE}
  --room ID          only what is about this room
  --json             the report, or each record, as JSON
  --help             this text`;

const options = {
  head: { type: 'string' },
  participant: { type: 'string' },
  room: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const [what, file, ...more] = positionals;
  if (what !== 'verify' && what !== 'show') {
    throw new UsageError(`audit ${what ?? ''}: give verify or show; --help tells more`.replace('audit :', 'audit:'));
  }
  if (file === undefined || more.length > 0) throw new UsageError(`audit ${what} needs one FILE; --help tells more`);
  const { head, participant, room, json } = values;
  if (head !== undefined && !/^[0-9a-f]{64}$/.test(head)) {
    throw new UsageError(`--head: ${JSON.stringify(head)} is no hash of a record; 64 hex digits are needed`);
  }
  await access(file).catch(() => {
    throw new UsageError(`${file}: there is no such file`);
  });
  return what === 'verify' ? verify(file, head, json) : show(file, { participant, room, json });
}

async function verify(file: string, expected: string | undefined, json: boolean): Promise<number> {
  const report = await read(file, { expected });
  if (json) console.log(JSON.stringify(report));
  else console.log(describeReport(file, report));
  return report.intact && report.holdsExpected !== false ? 0 : 1;
}

interface Shown {
  participant: string | undefined;
  room: string | undefined;
  json: boolean;
}

async function show(file: string, { participant, room, json }: Shown): Promise<number> {
  const key = process.env[KEY_VARIABLE];
  if (participant !== undefined && !key) {
    throw new UsageError(`--participant: ${KEY_VARIABLE} is not set; without the key a participant cannot be found`);
  }
  const pseudonyms = new Pseudonyms(key || undefined);
  const person = participant === undefined ? undefined : pseudonyms.of(participant);
  const keyIds = new Set<unknown>();
  const report = await read(file, {
    record: (record) => {
      if (record.action === 'trail.started') keyIds.add(record.facts?.['keyId']);
      if (room !== undefined && record.roomId !== room) return;
      if (person !== undefined && record.subject !== person && record.actor !== person) return;
      console.log(json ? JSON.stringify(record) : describeRecord(record));
    },
  });
  if (person !== undefined && report.intact && !keyIds.has(pseudonyms.keyId)) {
    console.error(`undertone: ${KEY_VARIABLE} is not the key of this trail: nobody is found with it`);
    return 1;
  }
  if (report.intact) return 0;
  console.error(`undertone: ${describeProblem(file, report.problem!)}; what follows it is not shown`);
  return 1;
}

async function read(
  file: string,
  how: { expected?: string | undefined; record?: (record: AuditRecord) => void },
): Promise<AuditReport> {
  try {
    return await verifyAuditFile(file, how);
  } catch (error) {
    throw new AuditError(`${file} is no audit trail: ${(error as Error).message}`);
  }
}

/** Names the file only where it is another one than was asked for. */
function describeProblem(file: string, problem: NonNullable<AuditReport['problem']>): string {
  const where = problem.file === file ? '' : ` of ${problem.file}`;
  return `line ${problem.line}${where} ${problem.message}`;
}

function describeReport(file: string, report: AuditReport): string {
  const { intact, records, head, files, firstAtMs, lastAtMs, problem, torn, holdsExpected } = report;
  const time = (ms: number | undefined) => (ms === undefined ? '' : new Date(ms).toISOString());
  const lines = intact
    ? [`${file}: intact, ${records} records${records > 0 ? ` from ${time(firstAtMs)} to ${time(lastAtMs)}` : ''}`]
    : [`${file}: NOT intact: ${describeProblem(file, problem!)}`, `  ${records} records before it fit`];
  if (files > 1) lines.push(`  in ${files} files, of which ${file} is the newest`);
  lines.push(`  head ${head.n} ${head.hash}`);
  if (torn) lines.push(`  line ${torn.line} is cut off: a crash while it was written, or it is being written now`);
  if (holdsExpected === true) lines.push('  the record of --head is in it');
  if (holdsExpected === false) lines.push('  the record of --head is NOT in it: cut off before it, or another trail');
  return lines.join('\n');
}
