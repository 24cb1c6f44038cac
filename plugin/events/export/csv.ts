import { labelsOf, RESULT_COLUMNS, type Cell } from './columns.ts';
import { standingFinals, survey, type EventSource } from './source.ts';

/** What a spreadsheet takes for the beginning of a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** A field of RFC 4180. Text that a spreadsheet would run gets an apostrophe before it, which spreadsheets do not show. */
function field(cell: Cell): string {
  if (cell === undefined) return '';
  if (typeof cell !== 'string') return String(cell);
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const line = (cells: readonly Cell[]) => `${cells.map(field).join(',')}\r\n`;

/**
 * CSV (RFC 4180, UTF-8, with a header): a row for each result that holds, a column `p:LABEL` for each label that was asked.
 * An empty cell means that there is no such value, not that it is 0.
 */
export async function* writeCsv(source: EventSource): AsyncGenerator<string> {
  const overview = await survey(source);
  const labels = labelsOf(overview);
  yield line([...RESULT_COLUMNS.map(({ name }) => name), ...labels.map((name) => `p:${name}`)]);
  for await (const final of standingFinals(source, overview)) {
    const scores = new Map(final.labels.map(({ name, p }) => [name, p]));
    yield line([...RESULT_COLUMNS.map(({ cell }) => cell(final)), ...labels.map((name) => scores.get(name))]);
  }
}
