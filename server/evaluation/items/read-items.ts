import { CsvError, parse } from 'csv-parse/sync';
import { EvaluationError } from '../EvaluationError.ts';
import { MEDIA_COLUMNS, type Item } from './Item.ts';

const COLUMNS = [...MEDIA_COLUMNS, 'label'] as const;

interface Record {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

/**
 * Reads the text of an items file: CSV in UTF-8 with a header, the columns `label` and one or more of `audio`, `image`
 * and `text`, in any order; other columns are passed over.
 *
 * @param limit most rows to read
 * @throws EvaluationError naming the row and the column
 */
export function readItems(bytes: Uint8Array, limit = Infinity): Item[] {
  const [header, ...records] = parseCsv(decode(bytes));
  if (!header) throw new EvaluationError(`is empty: a header with the columns ${COLUMNS.join(', ')} is expected`);
  const places = placesOf(header.record);
  if (records.length === 0) throw new EvaluationError('holds a header and no rows');
  const items = records.slice(0, limit).map((record, index) => itemOf(record, header.record.length, places, index + 1));
  return items.map((item) => (isBlank(item) ? { ...item, ...silent(item, items) } : item));
}

function isBlank(item: Item): boolean {
  return MEDIA_COLUMNS.every((column) => item[column] === undefined);
}

/**
 * A blank row among items of text alone is an utterance without words: corpora of text have such. Where items have
 * sound or pictures it is a mistake.
 */
function silent({ row, line }: Item, items: readonly Item[]): Pick<Item, 'text'> {
  const isText = items.some((item) => item.text !== undefined);
  const isMore = items.some((item) => item.audio !== undefined || item.image !== undefined);
  if (isText && !isMore) return { text: '' };
  throw new EvaluationError(
    `row ${row} (line ${line}): ${MEDIA_COLUMNS.join(', ')} are all blank; one of them is needed`,
  );
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new EvaluationError('is not UTF-8 text: save it as CSV in UTF-8');
  }
}

function parseCsv(text: string): Record[] {
  try {
    return parse(text, {
      info: true,
      skip_empty_lines: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      // How many fields a row has is checked here, where the row has a number.
      relax_column_count: true,
    }) as unknown as Record[];
  } catch (error) {
    if (error instanceof CsvError) throw new EvaluationError(`is not valid CSV: ${error.message}`);
    throw error;
  }
}

/** The place of each column in a row; the modalities that the file does not have are missing. */
function placesOf(header: readonly string[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  header.forEach((field, place) => {
    const name = field.trim().toLowerCase();
    if (!COLUMNS.some((column) => column === name)) return;
    if (places.has(name)) throw new EvaluationError(`the column ${name} is there twice`);
    places.set(name, place);
  });
  const found = header.map((field) => JSON.stringify(field)).join(', ');
  if (!places.has('label')) throw new EvaluationError(`there is no column label; the header has ${found}`);
  if (places.size === 1) {
    throw new EvaluationError(`there is none of the columns ${MEDIA_COLUMNS.join(', ')}; the header has ${found}`);
  }
  return places;
}

function itemOf({ record, info }: Record, fields: number, places: ReadonlyMap<string, number>, row: number): Item {
  const lineBreaks = record.reduce((sum, field) => sum + (field.match(/\r\n|\n|\r/g)?.length ?? 0), 0);
  const line = info.lines - lineBreaks;
  const where = `row ${row} (line ${line})`;
  if (record.length !== fields) {
    throw new EvaluationError(
      `${where} has ${record.length} fields where the header has ${fields}; put text with commas in quotes`,
    );
  }
  const cell = (column: string) => {
    const place = places.get(column);
    return place === undefined ? '' : record[place]!.trim();
  };
  const media = MEDIA_COLUMNS.map((column) => [column, cell(column)] as const).filter(([, value]) => value !== '');
  return { row, line, label: cell('label'), ...Object.fromEntries(media) };
}
