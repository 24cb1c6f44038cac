/** The requests of the namespace: golden files, JSON Schema, AsyncAPI document and validators say the same. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import type { z } from 'zod';
import { asyncApiDocument } from '../../plugin/events/contract/v1/asyncapi.ts';
import { ERROR_CODES } from '../../plugin/events/contract/v1/error-codes.ts';
import { wireNameOf } from '../../plugin/events/contract/v1/event-types.ts';
import { messageJsonSchema, schemaName } from '../../plugin/events/contract/v1/json-schema.ts';
import { Refusal, REQUESTS, SessionEnded } from '../../plugin/events/contract/v1/messages.ts';
import { REPLAY_MESSAGES } from '../../plugin/events/contract/v1/replay.ts';
import { Event } from '../../plugin/events/contract/v1/schema.ts';
import { EMOTION_REQUESTS } from '../../server/gateway/emotion/index.ts';
import { goldenEvents, goldenMessages } from './golden.ts';
import { mutations } from './mutations.ts';

interface Document {
  channels: { emotion: { messages: Record<string, { $ref: string }> } };
  operations: Record<
    string,
    { action: string; messages: { $ref: string }[]; reply?: { messages: { $ref: string }[] } }
  >;
  components: {
    messages: Record<string, { name: string; payload: { $ref: string } }>;
    schemas: Record<string, object>;
  };
}

const document = asyncApiDocument() as Document;
const ajv = new Ajv2020({ strict: false });
ajv.addSchema(messageJsonSchema(), 'messages');
ajv.addSchema({ components: document.components }, 'asyncapi');

const bySchema = (name: string) => ajv.getSchema(`messages#/$defs/${name}`)!;
const byDocument = (name: string) => ajv.getSchema(`asyncapi#/components/schemas/${name}`)!;

/** Zod schema and name of what a golden file holds. */
const subjects: { file: string; content: unknown; name: string; zod: z.ZodType }[] = [
  ...goldenEvents.map(({ file, content }) => ({
    file,
    content,
    name: schemaName(content['type'] as string),
    zod: Event.options.find((option) => option.shape.type.value === content['type']) as z.ZodType,
  })),
  ...goldenMessages.map(({ file, content }) => {
    if (file === 'refusal.json') return { file, content, name: 'Refusal', zod: Refusal };
    if (file === 'session.ended.json') return { file, content, name: 'SessionEnded', zod: SessionEnded };
    const sent = file.replace(/\.json$/, '');
    if (sent in REPLAY_MESSAGES) {
      const { payload } = REPLAY_MESSAGES[sent as keyof typeof REPLAY_MESSAGES];
      return { file, content, name: schemaName(sent), zod: payload as z.ZodType };
    }
    const [, request, part] = /^(.+)\.(request|reply)\.json$/.exec(file)!;
    return {
      file,
      content,
      name: schemaName(`${request!}.${part!}`),
      zod: REQUESTS[request as keyof typeof REQUESTS][part as 'request' | 'reply'] as z.ZodType,
    };
  }),
];

test('every request, every answer and every message about a replay has a golden file', () => {
  const files = goldenMessages.map(({ file }) => file).sort();
  const wanted = Object.keys(REQUESTS).flatMap((name) => [`${name}.request.json`, `${name}.reply.json`]);
  const sent = [...Object.keys(REPLAY_MESSAGES).map((name) => `${name}.json`), 'refusal.json', 'session.ended.json'];
  assert.deepEqual(files, [...wanted, ...sent].sort());
});

test('every golden file satisfies validator, JSON Schema and AsyncAPI document', () => {
  for (const { file, content, name, zod } of subjects) {
    assert.deepEqual(zod.parse(content), content, file);
    for (const validate of [bySchema(name), byDocument(name)]) {
      assert.ok(validate(content), `${file}: ${JSON.stringify(validate.errors)}`);
    }
  }
});

test('what is wrong to one of validator, JSON Schema and AsyncAPI document is wrong to all', () => {
  let refused = 0;
  for (const { file, content, name, zod } of subjects) {
    fc.assert(
      fc.property(mutations(content), (mutant) => {
        const accepted = zod.safeParse(mutant).success;
        if (!accepted) refused += 1;
        assert.equal(bySchema(name)(mutant), accepted, `JSON Schema of ${file}: ${JSON.stringify(mutant)}`);
        assert.equal(byDocument(name)(mutant), accepted, `AsyncAPI of ${file}: ${JSON.stringify(mutant)}`);
      }),
      { numRuns: 200 },
    );
  }
  assert.ok(refused > 500, `${refused} mutants were refused: the property has teeth`);
});

test('the server refuses a field that it does not know, a client overlooks one', () => {
  for (const { content, name, zod } of subjects) {
    const grown = { ...(content as object), addedLater: 1 };
    const strict = name.endsWith('Request');
    assert.equal(zod.safeParse(grown).success, !strict, name);
    assert.equal(byDocument(name)(grown), !strict, name);
  }
});

describe('the AsyncAPI document', () => {
  test('is one by the rules of AsyncAPI 3.0', () => {
    const specs = createRequire(import.meta.url)('@asyncapi/specs') as { schemas: Record<string, object> };
    const validate = new Ajv({ strict: false, validateFormats: false, validateSchema: false, meta: false }).compile(
      specs.schemas['3.0.0']!,
    );
    assert.ok(validate(asyncApiDocument()), JSON.stringify(validate.errors?.slice(0, 3)));
    assert.equal(validate({ ...asyncApiDocument(), channels: [] }), false, 'the check can fail');
  });

  test('holds every event under the name it has on the wire, and every request that the server answers', () => {
    const { messages } = document.components;
    for (const option of Event.options) {
      const type = option.shape.type.value;
      assert.equal(messages[type]?.name, wireNameOf(type));
    }
    const receives = Object.entries(document.operations).filter(([, { action }]) => action === 'receive');
    assert.deepEqual(receives.map(([name]) => name).sort(), Object.keys(EMOTION_REQUESTS).sort());
  });

  test('has no reference that leads nowhere', () => {
    const resolve = (ref: string) =>
      ref
        .slice(2)
        .split('/')
        .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document);
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"(#[^"]+)"/g)].map(([, ref]) => ref!);
    assert.ok(refs.length > 50);
    for (const ref of refs) assert.ok(resolve(ref), ref);
  });

  test('tells every error code, and so does the README', () => {
    const readme = readFileSync(new URL('../../plugin/events/contract/v1/README.md', import.meta.url), 'utf8');
    for (const [code, { meaning }] of Object.entries(ERROR_CODES)) {
      assert.ok(readme.includes(`\`${code}\``) && readme.includes(meaning), code);
    }
    for (const code of Object.keys(ERROR_CODES)) assert.ok(JSON.stringify(document).includes(`\`${code}\``), code);
  });
});
