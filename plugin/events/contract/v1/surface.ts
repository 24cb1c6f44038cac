import { ERROR_CODES } from './error-codes.ts';
import { EVENT_TYPES } from './event-types.ts';
import { contractSchemas, reportJsonSchema } from './json-schema.ts';
import type { JsonSchema } from './JsonSchemaTypes.ts';
import { REQUESTS } from './messages.ts';
import { REPLAY_MESSAGES } from './replay.ts';

function* named(schema: JsonSchema, path: string): Generator<string> {
  const values = schema.enum ?? ('const' in schema ? [schema.const] : []);
  if (schema.$ref !== undefined) yield `${path}: ${schema.$ref}`;
  else if (schema.type !== undefined) yield `${path}: ${schema.type}`;
  for (const value of values) yield `${path} = ${JSON.stringify(value)}`;
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const optional = schema.required?.includes(name) ? '' : '?';
    yield* named(field, `${path}.${name}${optional}`);
  }
  const { items, prefixItems = [], additionalProperties, anyOf = [], oneOf = [], allOf = [] } = schema;
  if (items) yield* named(items, `${path}[]`);
  for (const [index, item] of prefixItems.entries()) yield* named(item, `${path}[${index}]`);
  if (typeof additionalProperties === 'object') yield* named(additionalProperties, `${path}{}`);
  for (const one of [...anyOf, ...oneOf, ...allOf]) yield* named(one, path);
}

/**
 * Everything that the contract names: event types, requests, codes, fields with their types and whether they may be absent (`?`),
 * and values. Within a major version it only grows, and when it does, the minor number does. Ranges are not in it.
 */
export function contractSurface(): string[] {
  const schemas = contractSchemas((name) => name) as Record<string, JsonSchema>;
  const names = [
    ...EVENT_TYPES.map((type) => `event ${type}`),
    ...Object.entries(REQUESTS).flatMap(([name, { codes }]) => [
      `request ${name}`,
      ...codes.map((code) => `request ${name} refused with ${code}`),
    ]),
    ...Object.keys(REPLAY_MESSAGES).map((name) => `message ${name}`),
    ...Object.keys(ERROR_CODES).map((code) => `code ${code}`),
    ...Object.entries(schemas).flatMap(([name, schema]) => [...named(schema, name)]),
    ...named(reportJsonSchema(), 'MeetingReport'),
  ];
  return [...new Set(names)].sort();
}
