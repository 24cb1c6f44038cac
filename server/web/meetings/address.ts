import type { Modality } from '../../../plugin/events/contract/v1/types.ts';
import type { View } from '../timeline/view.ts';
import { MODALITIES } from '../view/wording.ts';
import type { Filter } from './Filter.ts';

/** What a link to a place in a meeting says. */
export interface Address {
  atMs?: number;
  view?: View;
  filter: Filter;
  /** Another meeting, to be compared with this one. */
  other?: string;
}

/** No shorter view is linked to. */
const SHORTEST_MS = 500;

function numberIn(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  const value = text === null || text === '' ? NaN : Number(text);
  return Number.isFinite(value) ? Math.max(0, value) : undefined;
}

/** Reads the query of a link; what is not understood is as if it were not there. */
export function readAddress(search: string): Address {
  const query = new URLSearchParams(search);
  const [atMs, fromMs, toMs] = ['t', 'from', 'to'].map((name) => numberIn(query, name));
  const given = query.get('rests-on')?.split(',') ?? [];
  const other = query.get('with');
  return {
    ...(atMs !== undefined && { atMs }),
    ...(fromMs !== undefined && toMs !== undefined && toMs - fromMs >= SHORTEST_MS && { view: { fromMs, toMs } }),
    filter: {
      labels: query.getAll('label'),
      modalities: given.filter((one): one is Modality => (MODALITIES as readonly string[]).includes(one)),
    },
    ...(other !== null && /^[A-Za-z0-9_-]{1,128}$/.test(other) && { other }),
  };
}

/** The query of a link to a place; what this page does not know of the query before stays. */
export function writeAddress(search: string, { atMs, view, filter }: Required<Omit<Address, 'other'>>): string {
  const query = new URLSearchParams(search);
  query.set('t', String(Math.round(atMs)));
  query.set('from', String(Math.round(view.fromMs)));
  query.set('to', String(Math.round(view.toMs)));
  query.delete('label');
  for (const label of filter.labels) query.append('label', label);
  if (filter.modalities.length > 0) query.set('rests-on', filter.modalities.join(','));
  else query.delete('rests-on');
  return `?${query}`;
}
