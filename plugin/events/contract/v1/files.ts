import { asyncApiDocument } from './asyncapi.ts';
import { eventJsonSchema, messageJsonSchema, reportJsonSchema } from './json-schema.ts';

/** What belongs on disk beside this file: address and text of each. */
export function contractFiles(): Map<URL, string> {
  const file = (name: string, content: object): [URL, string] => [
    new URL(name, import.meta.url),
    `${JSON.stringify(content, null, 2)}\n`,
  ];
  return new Map([
    file('event.schema.json', eventJsonSchema()),
    file('messages.schema.json', messageJsonSchema()),
    file('report.schema.json', reportJsonSchema()),
    file('asyncapi.json', asyncApiDocument()),
  ]);
}
