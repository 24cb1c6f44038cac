import { z } from 'zod';
import * as schema from './schema.ts';

const here = (file: string) => new URL(file, import.meta.url);

/** The JSON Schema (2020-12) of all events, as a reader in any language can use it: unknown fields are allowed. */
export function eventJsonSchema(): object {
  return {
    $id: 'urn:undertone:contract:v1:event',
    title: 'Undertone event, contract v1',
    ...z.toJSONSchema(schema.Event, { target: 'draft-2020-12', io: 'input' }),
  };
}

/** What belongs on disk beside this file. */
export function contractFiles(): Map<URL, string> {
  return new Map([[here('event.schema.json'), `${JSON.stringify(eventJsonSchema(), null, 2)}\n`]]);
}
