import type { Modality } from '../../../plugin/events/contract/v1/types.ts';
import type { Utterance } from './Utterance.ts';

/** What is shown of a meeting. */
export interface Filter {
  /** Only these labels; none for all. */
  labels: readonly string[];
  /** Only results that rest on all of these; none for all results. */
  modalities: readonly Modality[];
}

export const EVERYTHING: Filter = { labels: [], modalities: [] };

/** With `one`, where it was not, or without it. */
export function toggled<T>(all: readonly T[], one: T): T[] {
  return all.includes(one) ? all.filter((other) => other !== one) : [...all, one];
}

export function showsLabel({ labels }: Filter, name: string): boolean {
  return labels.length === 0 || labels.includes(name);
}

export function restsOn({ modalities }: Filter, { used }: Utterance): boolean {
  return modalities.every((modality) => used.includes(modality));
}

/** Whether an utterance is told: its result rests on what is asked for, and what leads in it is one of the labels. */
export function tells(filter: Filter, utterance: Utterance): boolean {
  if (!restsOn(filter, utterance)) return false;
  const { lead } = utterance;
  return filter.labels.length === 0 || (lead !== undefined && filter.labels.includes(lead.name));
}
