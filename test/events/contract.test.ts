import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { contractFiles, eventJsonSchema } from '../../plugin/events/contract/v1/json-schema.ts';
import { Event } from '../../plugin/events/contract/v1/schema.ts';

const GOLDEN = new URL('../../plugin/events/contract/v1/golden/', import.meta.url);
const golden = readdirSync(GOLDEN).map((file) => ({
  file,
  event: JSON.parse(readFileSync(new URL(file, GOLDEN), 'utf8')) as Record<string, unknown>,
}));
const validate = new Ajv2020({ strict: false }).compile(eventJsonSchema());

test('every golden file satisfies the zod schema and comes through it unchanged', () => {
  for (const { file, event } of golden) assert.deepEqual(Event.parse(event), event, file);
});

test('every golden file satisfies the JSON Schema', () => {
  for (const { file, event } of golden) assert.ok(validate(event), `${file}: ${JSON.stringify(validate.errors)}`);
});

test('every event type has a golden file', () => {
  const types = new Set(golden.map(({ event }) => event['type']));
  assert.deepEqual([...types].sort(), Event.options.map((option) => option.shape.type.value).sort());
});

test('the JSON Schema on disk is the one that the source gives', () => {
  for (const [url, text] of contractFiles()) {
    assert.equal(readFileSync(url, 'utf8'), text, 'npm run contract brings it up to date');
  }
});

test('an event without a required field, or with a probability above 1, is refused by both schemas', () => {
  const { event } = golden.find(({ file }) => file === 'emotion.final.json')!;
  for (const field of Object.keys(event).filter((name) => name !== 'transcript')) {
    const { [field]: _, ...rest } = event;
    assert.equal(Event.safeParse(rest).success, false, field);
    assert.equal(validate(rest), false, field);
  }
  const wrong = { ...event, confidence: 1.01 };
  assert.equal(Event.safeParse(wrong).success, false);
  assert.equal(validate(wrong), false);
});

test('fields that v1 does not know are no error, so that it can grow', () => {
  for (const { file, event } of golden) {
    const grown = { ...event, addedLater: { anything: true } };
    assert.ok(Event.safeParse(grown).success, file);
    assert.ok(validate(grown), file);
  }
});
