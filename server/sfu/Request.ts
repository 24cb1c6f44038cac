import type { z } from 'zod';

/** A message that a client may send: what it carries, and what is done with it. */
export interface Request<Context, Result extends object = object> {
  handle(context: Context, payload: unknown): Promise<Result>;
}

/**
 * Ties a handler to the schema of its payload; `parse` errors are told to the client with the field's name.
 * @param schema - checked before the handler sees anything
 */
export function request<Context, Schema extends z.ZodType, Result extends object>(
  schema: Schema,
  handle: (context: Context, payload: z.infer<Schema>) => Result | Promise<Result>,
): Request<Context, Result> {
  return {
    handle: async (context, payload) => handle(context, schema.parse(payload ?? {})),
  };
}

/** Requests by the name of their event. */
export type Requests<Context> = Readonly<Record<string, Request<Context>>>;
