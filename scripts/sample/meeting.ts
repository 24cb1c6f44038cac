/**
 * Makes the sample meeting: runs the recordings of the sample call, with their captions, through the shipped model and writes
 * down what came out.
 *
 *   node scripts/sample/meeting.ts [--out FOLDER]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { makeSampleMeeting } from './meeting/make.ts';

const { values } = parseArgs({
  options: { out: { type: 'string', default: join(import.meta.dirname, '../../server/sample/meeting') } },
});
const out = resolve(values.out);
const { about, events } = await makeSampleMeeting();
mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'meeting.json'), `${JSON.stringify(about, null, 2)}\n`);
writeFileSync(join(out, 'events.jsonl'), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
console.log(
  `${out}: ${events.length} events of ${about.participants.length} speakers, ${about.model.id} ${about.model.version}`,
);
