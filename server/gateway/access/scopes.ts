import { z } from 'zod';
import type { Config } from '../../config/schema.ts';

const FIXED = [
  /** Take part in the call, or watch it. */
  'call',
  /** Move one's own consent and read one's own events. What a token without scopes has. */
  'self',
  /** Read means over more than k people of the room, never anybody's own results. */
  'room:aggregate',
  /** Read everybody's events and choose the labels. */
  'room:all',
  /** Push one's own words. */
  'transcript:write',
  /** Choose the labels and take back the tokens of others. Shows no events. */
  'admin',
] as const;

const PARTICIPANT = 'participant:';

/** A right; `participant:<id>` is that to read one participant's events. */
export type Scope = (typeof FIXED)[number] | `${typeof PARTICIPANT}${string}`;

export const scopeSchema: z.ZodType<Scope> = z.custom<Scope>(
  (value) =>
    typeof value === 'string' &&
    ((FIXED as readonly string[]).includes(value) ||
      (value.startsWith(PARTICIPANT) && value.length > PARTICIPANT.length && value.length <= PARTICIPANT.length + 64)),
  `one of ${FIXED.join(', ')}, participant:<id>`,
);

/** What a token has that names no scope. */
export const DEFAULT_SCOPES: readonly Scope[] = ['self'];

/** Whom a `participant:<id>` names; undefined for another scope. */
export function participantOf(scope: Scope): string | undefined {
  return scope.startsWith(PARTICIPANT) ? scope.slice(PARTICIPANT.length) : undefined;
}

/**
 * The scopes that the notice allows: participants were told who sees their results, and no token, whoever signed it, shows
 * more than that.
 */
export function withinVisibility(scopes: readonly Scope[], visibility: Config['visibility'], self: string): Scope[] {
  return scopes.filter((scope) => {
    const subject = participantOf(scope);
    if (scope === 'room:aggregate') return visibility !== 'self';
    if (scope === 'room:all') return visibility === 'room' || visibility === 'granted';
    if (subject !== undefined && subject !== self) return visibility === 'room' || visibility === 'granted';
    return true;
  });
}

/** What a participant who registers here may do. */
export function scopesFor(visibility: Config['visibility']): Scope[] {
  const own: Scope[] = ['call', 'self', 'transcript:write'];
  if (visibility === 'room') return [...own, 'room:all'];
  return visibility === 'aggregate' ? [...own, 'room:aggregate'] : own;
}
