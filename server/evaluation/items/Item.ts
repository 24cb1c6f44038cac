/** The columns of a modality, of which each row fills one or more. */
export const MEDIA_COLUMNS = ['audio', 'image', 'text'] as const;
export type MediaColumn = (typeof MEDIA_COLUMNS)[number];

/** A row of the items file; a modality that the row leaves blank is undefined. */
export interface Item extends Partial<Readonly<Record<MediaColumn, string>>> {
  /** Place among the rows below the header, from 1. */
  readonly row: number;
  /** Line of the file on which it begins, from 1. */
  readonly line: number;
  /** The cell of the column `label`, without space around it. */
  readonly label: string;
}

/** Names a cell in a message: `row 3 (line 4), label "joy"`. */
export function cellOf({ row, line }: Pick<Item, 'row' | 'line'>, column: string, value: string): string {
  const shown = value.length > 80 ? `${value.slice(0, 80)}…` : value;
  return `row ${row} (line ${line}), ${column} ${JSON.stringify(shown)}`;
}
