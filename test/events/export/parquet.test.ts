/** Parquet, read back by readers that are not ours. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import type { EmotionFinal, UndertoneEvent } from '../../../plugin/events/contract/v1/types.ts';
import { exportEvents } from '../../../plugin/events/index.ts';
import { meeting } from './meeting.ts';

const folder = mkdtempSync(join(tmpdir(), 'undertone-parquet-'));
after(() => rmSync(folder, { recursive: true, force: true }));

async function parquet(events: () => Iterable<UndertoneEvent>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of exportEvents('parquet', events)) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Its own memory: a Buffer may be a view of a larger one. */
const alone = (bytes: Buffer): ArrayBuffer => new Uint8Array(bytes).buffer;

async function rowsOf(file: Buffer): Promise<Record<string, unknown>[]> {
  return parquetReadObjects({ file: alone(file) });
}

test('every result that holds is a row with typed values, and what a result lacks is null', async () => {
  const rows = await rowsOf(await parquet(() => meeting));
  const finals = meeting.filter((event): event is EmotionFinal => event.type === 'emotion.final');
  assert.ok(rows.length > 0 && rows.length < finals.length, 'revisions and what was taken back are left out');
  for (const row of rows) {
    const final = finals.find(({ seq }) => BigInt(seq) === row['seq'])!;
    assert.equal(row['participantId'], final.participantId);
    assert.equal(row['startMs'], final.span.startMs);
    assert.equal(row['confidence'], final.confidence);
    assert.equal(row['audioUsed'], final.modalities.audio.used);
    assert.equal(row['valence'] ?? undefined, final.dimensions?.valence);
    assert.equal(row['transcript'] ?? undefined, final.transcript?.text);
    for (const { name, p } of final.labels) assert.equal(row[`p:${name}`], p);
  }
  assert.ok(rows.some((row) => row['valence'] === null) || finals.every(({ dimensions }) => dimensions));
});

test('the schema says what a column holds and whether it may be missing', async () => {
  const { schema, created_by: by } = parquetMetadata(alone(await parquet(() => meeting)));
  const of = (name: string) => schema.find((element) => element.name === name);
  assert.deepEqual([of('seq')?.type, of('seq')?.repetition_type], ['INT64', 'REQUIRED']);
  assert.deepEqual([of('startMs')?.type, of('startMs')?.repetition_type], ['DOUBLE', 'REQUIRED']);
  assert.deepEqual([of('transcript')?.converted_type, of('transcript')?.repetition_type], ['UTF8', 'OPTIONAL']);
  assert.deepEqual([of('textUsed')?.type, by], ['BOOLEAN', 'undertone']);
});

test('a meeting without results is a file without rows, and a long one has all its rows', async () => {
  assert.deepEqual(await rowsOf(await parquet(() => [])), []);
  const template = meeting.find((event): event is EmotionFinal => event.type === 'emotion.final')!;
  const many = function* () {
    for (let seq = 1; seq <= 12_000; seq += 1) {
      yield { ...template, seq, utteranceId: `u${seq}`, span: { startMs: seq * 1_000, endMs: seq * 1_000 + 500 } };
    }
  };
  const rows = await rowsOf(await parquet(many));
  assert.deepEqual(
    rows.map(({ seq }) => Number(seq)),
    Array.from({ length: 12_000 }, (_, i) => i + 1),
  );
});

/** Rows as JSON by another implementation; the module that cannot be loaded where there is none. */
const READERS = {
  pyarrow: 'import pyarrow.parquet as pq; rows = pq.read_table(path).to_pylist()',
  duckdb:
    'import duckdb; r = duckdb.execute("SELECT * FROM read_parquet(?)", [path]); ' +
    'names = [c[0] for c in r.description]; rows = [dict(zip(names, row)) for row in r.fetchall()]',
};
const PYTHON = process.env['UNDERTONE_TEST_PYTHON'] ?? 'python3';

for (const [name, code] of Object.entries(READERS)) {
  const has = spawnSync(PYTHON, ['-c', `import ${name}`]).status === 0;
  test(`${name} reads the same rows`, { skip: !has && `${PYTHON} has no ${name}` }, async () => {
    const bytes = await parquet(() => meeting);
    const file = join(folder, `${name}.parquet`);
    writeFileSync(file, bytes);
    const program = `import sys, json; path = sys.argv[1]; ${code}; print(json.dumps(rows))`;
    const { stdout, stderr } = spawnSync(PYTHON, ['-c', program, file], { encoding: 'utf8' });
    const ours = (await rowsOf(bytes)).map((row) => ({ ...row, seq: Number(row['seq']) }));
    const plain = JSON.parse(
      JSON.stringify(ours, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value)),
    ) as unknown;
    assert.deepEqual(JSON.parse(stdout || 'null'), plain, stderr);
  });
}
