/** The trail on the disk: what it holds, what of a change is found, and what it does when the disk fails it. */
import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { openAuditTrail } from '../../plugin/consent/audit/openAuditTrail.ts';
import { canonicalJson } from '../../plugin/consent/audit/canonical.ts';
import { hashOf } from '../../plugin/consent/audit/chain.ts';
import { verifyAuditFile } from '../../plugin/consent/audit/verifyAuditFile.ts';
import type { AuditEvent, AuditRecord } from '../../plugin/index.ts';
import { createUndertone } from '../../plugin/index.ts';
import { TINY_MODEL } from '../server/support.ts';

const KEY = 'a key of at least thirty-two characters';
let dir: string;
let files = 0;
before(() => {
  dir = mkdtempSync(join(tmpdir(), 'undertone-audit-'));
});
after(() => rmSync(dir, { recursive: true, force: true }));

const newFile = () => join(dir, `trail-${++files}.jsonl`);
const linesOf = (file: string) => readFileSync(file, 'utf8').trimEnd().split('\n');

async function written(events: readonly AuditEvent[], file = newFile()): Promise<string> {
  const trail = await openAuditTrail({ file, key: KEY });
  for (const event of events) trail.append(event);
  await trail.close();
  return file;
}

/** Files of a trail beyond the third with a number. */
const isLater = (file: string) => (name: string) =>
  /\.(\d{6})$/.test(name) && name.startsWith(basename(file)) && Number(name.slice(-6)) > 3;

const some: AuditEvent[] = [
  {
    action: 'consent.granted',
    roomId: 'standup',
    participantId: 'ada lovelace',
    modalities: ['audio'],
    by: 'participant',
  },
  { action: 'events.subscribed', roomId: 'standup', participantId: 'grace', facts: { view: 'all', of: [] } },
  {
    action: 'consent.withdrawn',
    roomId: 'standup',
    participantId: 'ada lovelace',
    modalities: ['audio'],
    by: 'participant',
  },
];

const anyEvent: fc.Arbitrary<AuditEvent> = fc.record({
  action: fc.constantFrom('consent.granted' as const, 'consent.withdrawn' as const, 'data.exported' as const),
  roomId: fc.string({ unit: 'binary', maxLength: 20 }),
  participantId: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
  facts: fc.dictionary(
    fc.string({ maxLength: 5 }),
    fc.oneof(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), fc.constant(null)),
    { noNullPrototype: true },
  ),
});

describe('the chain', () => {
  test('holds whatever is written, and goes on after a restart', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyEvent, { maxLength: 8 }), fc.array(anyEvent, { maxLength: 8 }), async (one, two) => {
        const file = await written(one);
        await written(two, file);
        const report = await verifyAuditFile(file);
        assert.equal(report.intact, true, report.problem?.message);
        // Each start is a record of its own.
        assert.equal(report.records, one.length + two.length + 2);
      }),
      { numRuns: 40 },
    );
  });

  test('shows every change, insertion, removal and move, at the line where it is or after it', async () => {
    const lines = linesOf(await written([...some, ...some]));
    const line = fc.nat({ max: lines.length - 1 });
    const tampered = fc.oneof(
      fc.record({ at: line, with: fc.nat({ max: 400 }), char: fc.constantFrom('x', '0', ' ', '"') }).map((change) => {
        const text = lines[change.at]!;
        const place = change.with % text.length;
        return lines.with(change.at, text.slice(0, place) + change.char + text.slice(place + 1));
      }),
      // A last line that is gone is the one thing that the chain cannot tell.
      fc.nat({ max: lines.length - 2 }).map((at) => lines.toSpliced(at, 1)),
      fc.record({ at: line, copy: line }).map(({ at, copy }) => lines.toSpliced(at, 0, lines[copy]!)),
      fc.record({ a: line, b: line }).map(({ a, b }) => lines.with(a, lines[b]!).with(b, lines[a]!)),
    );
    const file = newFile();
    let found = 0;
    await fc.assert(
      fc.asyncProperty(tampered, async (changed) => {
        writeFileSync(file, `${changed.join('\n')}\n`);
        const { intact, problem } = await verifyAuditFile(file);
        const first = changed.findIndex((text, index) => text !== lines[index]);
        assert.equal(intact, first < 0);
        if (first < 0) return;
        found += 1;
        assert.equal(problem!.line, first + 1);
      }),
      { numRuns: 300 },
    );
    assert.ok(found > 200, `${found} changes were found: the property has teeth`);
  });

  test('cannot be patched in one place: a record with a hash that fits is found by the next', async () => {
    const file = await written(some);
    const lines = linesOf(file);
    const { hash: _, ...forged } = { ...(JSON.parse(lines[1]!) as AuditRecord), noticeVersion: 'never shown' };
    writeFileSync(file, `${lines.with(1, canonicalJson({ ...forged, hash: hashOf(forged) })).join('\n')}\n`);
    const { problem } = await verifyAuditFile(file);
    assert.deepEqual(problem, { file, line: 3, message: 'does not hold the hash of the record before it' });
  });

  test('does not show that its end is gone; a hash that was kept elsewhere does', async () => {
    const file = await written(some);
    const { head } = await verifyAuditFile(file);
    assert.equal((await verifyAuditFile(file, { expected: head.hash })).holdsExpected, true);
    writeFileSync(file, `${linesOf(file).slice(0, -1).join('\n')}\n`);
    const cut = await verifyAuditFile(file, { expected: head.hash });
    assert.deepEqual([cut.intact, cut.holdsExpected], [true, false]);
  });
});

describe('the file', () => {
  test('is for its owner alone, holds no id of anybody, and finds people again with the same key', async () => {
    const file = await written(some);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.doesNotMatch(readFileSync(file, 'utf8'), /lovelace|grace/);
    const again = await openAuditTrail({ file, key: KEY });
    const found = await again.find({ participantId: 'ada lovelace' });
    assert.deepEqual(
      found.map(({ action }) => action),
      ['consent.granted', 'consent.withdrawn'],
    );
    assert.deepEqual(await again.find({ participantId: 'ada lovelace', roomId: 'elsewhere' }), []);
    await again.close();
    const other = await openAuditTrail({ file, key: `another ${KEY}` });
    assert.deepEqual(await other.find({ participantId: 'ada lovelace' }), [], 'nobody is found with another key');
    await other.close();
  });

  test('that was changed is not added to', async () => {
    const file = await written(some);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('"audio"', '"video"'));
    await assert.rejects(openAuditTrail({ file, key: KEY }), { name: 'AuditError', message: /line 2 .*was changed/ });
    assert.equal(readFileSync(file, 'utf8'), text.replace('"audio"', '"video"'));
  });

  test('that a crash left with half a line is mended, and says so', async () => {
    const file = await written(some);
    truncateSync(file, statSync(file).size - 10);
    const torn = await verifyAuditFile(file);
    assert.deepEqual([torn.intact, torn.records, torn.torn?.line], [true, 3, 4]);
    await written([], file);
    const mended = linesOf(file).map((line) => (JSON.parse(line) as AuditRecord).action);
    assert.deepEqual(mended.slice(-2), ['trail.started', 'trail.repaired']);
    assert.equal((await verifyAuditFile(file)).intact, true);
  });

  test('that has become long goes on in another file, and is read through all of them', async () => {
    const file = newFile();
    const segmentBytes = 1_000;
    const open = () => openAuditTrail({ file, key: KEY, segmentBytes });
    for (const round of [1, 2]) {
      const trail = await open();
      for (let n = 0; n < 10; n++) {
        trail.append(some[n % 3]!);
        // Sometimes while what was written is on its way to the disk, sometimes after.
        if (n % 4 === 0) await trail.synced();
      }
      const found = await trail.find({ participantId: 'ada lovelace' });
      assert.equal(found.length, round * 7);
      await trail.close();
    }
    const numbered = ['000001', '000002', '000003'].map((number) => `${file}.${number}`);
    for (const one of numbered) {
      assert.equal(statSync(one).mode & 0o777, 0o600);
      assert.ok(statSync(one).size >= segmentBytes && statSync(one).size < segmentBytes + 600, 'lines are whole');
    }
    const report = await verifyAuditFile(file);
    assert.deepEqual([report.intact, report.records], [true, 22]);
    assert.equal(report.files, numbered.length + 1 + readdirSync(dir).filter(isLater(file)).length);

    // A crash between the two steps: the file has its number, and none goes on yet.
    renameSync(file, `${file}.${String(report.files).padStart(6, '0')}`);
    assert.equal((await verifyAuditFile(file)).records, 22);
    await (await open()).close();
    assert.deepEqual([(await verifyAuditFile(file)).records, (await verifyAuditFile(file)).intact], [23, true]);

    // Each file counts: changed, cut off or taken away, it is named.
    const [first, second] = numbered as [string, string, string];
    const text = readFileSync(second, 'utf8');
    writeFileSync(second, text.slice(0, -10));
    const cut = await verifyAuditFile(file);
    assert.deepEqual(cut.problem, {
      file: second,
      line: linesOf(second).length,
      message: 'is cut off, and another file follows',
    });
    writeFileSync(second, text.slice(0, text.trimEnd().lastIndexOf('\n') + 1));
    const { problem } = await verifyAuditFile(file);
    assert.deepEqual([problem?.file, problem?.line], [numbered[2], 1]);
    writeFileSync(second, text);
    writeFileSync(first, readFileSync(first, 'utf8').replace('standup', 'stand-up'));
    await assert.rejects(open(), (error: Error) => error.message.includes(`line 2 of ${first} was changed`));
  });

  test('can be read while it begins another file', async () => {
    const file = newFile();
    const trail = await openAuditTrail({ file, key: KEY, segmentBytes: 400 });
    const reading: Promise<unknown>[] = [];
    for (let n = 0; n < 60; n++) {
      trail.append(some[n % 3]!);
      reading.push(verifyAuditFile(file).then(({ problem }) => assert.equal(problem, undefined)));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(reading);
    await trail.close();
    assert.ok(existsSync(`${file}.000020`));
  });

  test('that somebody else writes to is given up: nobody new is analysed', async () => {
    const file = newFile();
    const trail = await openAuditTrail({ file, key: KEY });
    appendFileSync(file, 'something\n');
    trail.append(some[0]!);
    assert.match(trail.trouble!, /another process has written to it/);
    await assert.rejects(trail.synced(), { name: 'AuditError' });
    await trail.close();
  });

  test('is refused by name where it cannot be', async () => {
    const model = { model: TINY_MODEL, provider: 'cpu' } as const;
    await assert.rejects(
      createUndertone({ ...model, audit: { file: newFile() } }),
      /audit\.key: is needed with a file/,
    );
    await assert.rejects(createUndertone({ ...model, audit: { file: dir, key: KEY } }), { name: 'AuditError' });
    const purpose = { context: 'workplace', jurisdiction: 'FR' } as const;
    await assert.rejects(createUndertone({ ...model, purpose }), /^TypeError: purpose: refused: .*Art\. 5\(1\)\(f\)/);
  });
});
