import type { Config } from '../config/schema.ts';

/** Whether others than a participant may have what is about that participant: the notice has told so. */
export function showsOthers(visibility: Config['visibility']): boolean {
  return visibility === 'room' || visibility === 'granted';
}
