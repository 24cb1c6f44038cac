import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { EVENT_TYPES } from '../../plugin/events/contract/v1/event-types.ts';
import { contractFiles } from '../../plugin/events/contract/v1/files.ts';
import { eventJsonSchema } from '../../plugin/events/contract/v1/json-schema.ts';
import { DurableEvent, Event } from '../../plugin/events/contract/v1/schema.ts';
import { goldenEvents } from './golden.ts';

const golden = goldenEvents.map(({ file, content }) => ({ file, event: content }));
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

test('the list of event types is that of the schemas', () => {
  assert.deepEqual([...EVENT_TYPES].sort(), Event.options.map((option) => option.shape.type.value).sort());
});

test('events with a number are those that the schemas call durable', () => {
  for (const { event, file } of golden) assert.equal(DurableEvent.safeParse(event).success, 'seq' in event, file);
});

test('JSON Schemas and AsyncAPI document on disk are those that the source gives', () => {
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
  for (const change of [{ confidence: 1.01 }, { dimensions: { arousal: 1.01 } }, { dimensions: { valence: -0.01 } }]) {
    const wrong = { ...event, ...change };
    assert.equal(Event.safeParse(wrong).success, false);
    assert.equal(validate(wrong), false);
  }
});

test('an event may have the dimensions that its model knows', () => {
  const { event } = golden.find(({ file }) => file === 'emotion.final.json')!;
  for (const dimensions of [{ valence: 0, arousal: 1, dominance: 0.5 }, { valence: 0.5 }]) {
    assert.deepEqual(Event.parse({ ...event, dimensions }), { ...event, dimensions });
    assert.ok(validate({ ...event, dimensions }));
  }
});

test('fields that v1 does not know are no error, so that it can grow', () => {
  for (const { file, event } of golden) {
    const grown = { ...event, addedLater: { anything: true } };
    assert.ok(Event.safeParse(grown).success, file);
    assert.ok(validate(grown), file);
  }
});
