import { z } from 'zod';
import * as meetings from './meetings.ts';
import * as messages from './messages.ts';
import { REPLAY_MESSAGES } from './replay.ts';
import { MeetingReport } from './report.ts';
import * as schema from './schema.ts';

/** The JSON Schema (2020-12) of all events, as a reader in any language can use it: unknown fields are allowed. */
export function eventJsonSchema(): object {
  return {
    $id: 'urn:undertone:contract:v1:event',
    title: 'Undertone event, contract v1',
    ...z.toJSONSchema(schema.Event, { target: 'draft-2020-12', io: 'input' }),
  };
}

/** The JSON Schema (2020-12) of a meeting's report. */
export function reportJsonSchema(): object {
  return {
    $id: 'urn:undertone:contract:v1:report',
    title: 'Undertone meeting report, contract v1',
    ...z.toJSONSchema(MeetingReport, { target: 'draft-2020-12', io: 'input' }),
  };
}

/** `consent.set` as `ConsentSet`. */
export function schemaName(name: string): string {
  return name.replaceAll(/(?:^|[.-])([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** The schemas that have a name in the contract. */
function named(): Map<string, z.ZodType> {
  const all = new Map<string, z.ZodType>();
  for (const option of schema.Event.options) all.set(schemaName(option.shape.type.value), option);
  for (const [name, { request, reply }] of Object.entries(messages.REQUESTS)) {
    all.set(`${schemaName(name)}Request`, request).set(`${schemaName(name)}Reply`, reply);
  }
  for (const [name, { payload }] of Object.entries(REPLAY_MESSAGES)) all.set(schemaName(name), payload);
  const { Handshake, Refusal, RequestProblem, SessionEnded, ParticipantInfo, RoomLabels } = messages;
  const { Modalities, LabelScore, LabelSetRef, Transcript, AlertRule } = schema;
  const parts = { Handshake, Refusal, RequestProblem, SessionEnded, ParticipantInfo, RoomLabels };
  const results = { Modalities, LabelScore, LabelSetRef, Transcript, AlertRule };
  for (const [name, part] of Object.entries({ ...parts, ...results, ...meetings })) all.set(name, part);
  return all;
}

/**
 * Every named schema of the contract, those that refer to each other by `reference`.
 * @param reference - address of a schema by its name
 */
export function contractSchemas(reference: (name: string) => string): Record<string, object> {
  const registry = z.registry<{ id: string }>();
  for (const [id, one] of named()) registry.add(one, { id });
  const { schemas } = z.toJSONSchema(registry, { target: 'draft-2020-12', io: 'input', uri: reference });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $schema: _, $id: __, ...rest }]) => [name, rest as object]),
  );
}

/** The JSON Schema of the requests of the namespace `/emotion` and of their answers, by name under `$defs`. */
export function messageJsonSchema(): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:undertone:contract:v1:messages',
    title: 'Undertone requests and replies, contract v1',
    $defs: contractSchemas((name) => `#/$defs/${name}`),
  };
}
