import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { EmotionFinal } from '../contract/v1/types.ts';
import { labelsOf, RESULT_COLUMNS, type Cell, type ResultColumn } from './columns.ts';
import { standingFinals, survey, type EventSource } from './source.ts';

/** Results that are in memory at once. */
const ROWS_PER_GROUP = 10_000;

/** Physical types of Parquet; text is marked as UTF-8. */
const PHYSICAL = { text: 'BYTE_ARRAY', number: 'DOUBLE', whole: 'INT64', boolean: 'BOOLEAN' } as const;

type Value = string | number | bigint | boolean | null;

/**
 * Apache Parquet: a row for each result that holds, with the columns of the CSV and their types. What a result does not have
 * is null. Text is as it is: nothing runs formulas here.
 * @see https://parquet.apache.org/docs/file-format/
 */
export async function* writeParquet(source: EventSource): AsyncGenerator<Uint8Array> {
  const overview = await survey(source);
  const columns = [...RESULT_COLUMNS, ...labelsOf(overview).map(labelColumn)];
  const writer = new ByteWriter();
  const file = new ParquetWriter({
    writer,
    schema: [
      { name: 'results', num_children: columns.length },
      ...columns.map(({ name, type, optional }) => ({
        name,
        type: PHYSICAL[type],
        repetition_type: optional ? ('OPTIONAL' as const) : ('REQUIRED' as const),
        ...(type === 'text' && { converted_type: 'UTF8' as const }),
      })),
    ],
    kvMetadata: [{ key: 'undertone', value: 'contract v1, standing emotion.final events' }],
    createdBy: 'undertone',
  });
  /** What has been written since the last time; the writer goes on counting from the beginning. */
  const taken = () => {
    const bytes = new Uint8Array(writer.buffer.slice(0, writer.index));
    writer.index = 0;
    return bytes;
  };
  const write = async (rows: readonly EmotionFinal[]) => {
    const columnData = columns.map((column) => ({
      name: column.name,
      data: rows.map((final) => valueOf(column, column.cell(final))),
      nullable: column.optional,
    }));
    await file.write({ columnData, rowGroupSize: rows.length });
    return taken();
  };
  let rows: EmotionFinal[] = [];
  for await (const final of standingFinals(source, overview)) {
    rows.push(final);
    if (rows.length < ROWS_PER_GROUP) continue;
    yield await write(rows);
    rows = [];
  }
  if (rows.length > 0) yield await write(rows);
  await file.finish();
  yield taken();
}

function labelColumn(label: string): ResultColumn {
  const cell = (final: EmotionFinal) => final.labels.find(({ name }) => name === label)?.p;
  return { name: `p:${label}`, type: 'number', optional: true, cell };
}

function valueOf({ type }: ResultColumn, cell: Cell): Value {
  if (cell === undefined) return null;
  return type === 'whole' ? BigInt(cell) : cell;
}
