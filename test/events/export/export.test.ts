/** The writers against golden files, each read back by a reader that is not ours. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse as parseCsv } from 'csv-parse/sync';
import fc from 'fast-check';
import { validateXML } from 'xmllint-wasm';
import { Event } from '../../../plugin/events/contract/v1/schema.ts';
import type { EmotionFinal, UndertoneEvent } from '../../../plugin/events/contract/v1/types.ts';
import { EXPORT_FORMATS, exportEvents, writeWebVtt, type ExportFormatName } from '../../../plugin/events/index.ts';
import { parseVtt } from '../../../plugin/transcript/vtt.ts';
import { goldenEvent } from '../golden.ts';
import { meeting } from './meeting.ts';

const GOLDEN = new URL('./golden/', import.meta.url);
type TextFormat = Exclude<ExportFormatName, 'parquet'>;
const NAMES = Object.keys(EXPORT_FORMATS).filter((name): name is TextFormat => name !== 'parquet');
const XSD = readFileSync(new URL('./emotionml.xsd', import.meta.url), 'utf8');

async function written(format: TextFormat, events: readonly UndertoneEvent[] = meeting): Promise<string> {
  let text = '';
  for await (const piece of exportEvents(format, () => events)) text += piece;
  return text;
}

/** What each of the documents does against the schema; all in one go, as the validator is slow to start. */
async function violations(...documents: string[]): Promise<string[][]> {
  const { errors } = await validateXML({
    xml: documents.map((contents, index) => ({ fileName: `${index}.xml`, contents })),
    schema: [{ fileName: 'emotionml.xsd', contents: XSD }],
  });
  return documents.map((_, index) =>
    errors.filter(({ loc }) => loc?.fileName === `${index}.xml`).map(({ message }) => message),
  );
}

const jsonLines = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

for (const name of NAMES) {
  test(`${name} is written as its golden file shows it`, async () => {
    const file = new URL(`meeting.${EXPORT_FORMATS[name].extension}`, GOLDEN);
    const text = await written(name);
    if (process.env['UPDATE_GOLDEN']) writeFileSync(file, text);
    assert.equal(text, readFileSync(file, 'utf8'));
  });

  test(`${name} holds nothing that was taken back`, async () => {
    const text = await written(name);
    assert.equal(text.includes('taken back'), false);
    // That something was taken back may be told; the formats that hold results alone do not even know of it.
    const told = jsonLinesOf(name, text).filter((line) => line.includes('secret'));
    assert.ok(told.every((line) => line.includes('emotion.retracted')));
  });
}

test('an alert that was taken back is written nowhere, one that stands in the record of events', async () => {
  const events = ['alert', 'alert.aggregate', 'emotion.retracted.alert'].map(
    (name) => goldenEvent(name) as unknown as UndertoneEvent,
  );
  for (const name of NAMES) {
    const text = (await Array.fromAsync(exportEvents(name, () => events))).join('');
    assert.equal(text.includes('sustained-joy'), false, name);
    assert.equal(text.includes('mood-of-the-room'), name === 'jsonl' || name === 'cloudevents', name);
  }
});

function jsonLinesOf(name: TextFormat, text: string): string[] {
  return name === 'jsonl' || name === 'cloudevents' ? text.split('\n') : [text];
}

test('a format that there is not is named, with those that there are', () => {
  assert.throws(
    () => exportEvents('xlsx' as never, () => meeting),
    /^TypeError: format: "xlsx" is not one of jsonl, csv/,
  );
});

test('a long meeting is never in memory as a whole', async () => {
  const LENGTH = 1_000;
  const template = meeting.find(({ type }) => type === 'emotion.final') as EmotionFinal;
  let pulled = 0;
  async function* source(): AsyncGenerator<UndertoneEvent> {
    for (let seq = 1; seq <= LENGTH; seq += 1) {
      pulled += 1;
      const startMs = seq * 1_000;
      yield { ...template, seq, utteranceId: `u${seq}`, span: { startMs, endMs: startMs + 500 } };
    }
  }
  for (const name of NAMES) {
    pulled = 0;
    let ahead = 0;
    let pieces = 0;
    for await (const _ of exportEvents(name, source)) {
      pieces += 1;
      ahead = Math.max(ahead, pulled - LENGTH - pieces);
    }
    assert.ok(pieces >= LENGTH, name);
    assert.ok(ahead < 10, `${name}: ${ahead} events were read ahead of what was written`);
  }
});

describe('JSON Lines', () => {
  test('hold the durable events of the contract as they were', async () => {
    const read = jsonLines(await written('jsonl')).map((line) => Event.parse(line));
    const wanted = meeting.filter((event) => 'seq' in event && event.seq !== 4);
    assert.deepEqual(read, JSON.parse(JSON.stringify(wanted)));
  });
});

describe('CSV', () => {
  const read = async () =>
    parseCsv(await written('csv'), { columns: true, relax_column_count: false }) as unknown as Record<string, string>[];

  test('has a row for each result that holds, in the order in which they began', async () => {
    const rows = await read();
    assert.deepEqual(
      rows.map(({ utteranceId, revision }) => [utteranceId, revision]),
      [
        ['a', '1'],
        ['b', '0'],
        ['c', '0'],
      ],
    );
    assert.equal(rows[2]?.['p:not sure'], '0.9');
    assert.equal(rows[2]?.['p:joy'], '', 'what was not asked is empty');
    assert.equal(rows[0]?.['p:joy'], '0.71');
  });

  test('disarms text that a spreadsheet would run', async () => {
    assert.equal((await read())[1]?.['transcript'], `'=HYPERLINK("x"), she said: <b>"no" --> & yes</b>\r\nreally`);
  });

  test('carries any text there and back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        const final = { ...meeting[2], transcript: { text } } as UndertoneEvent;
        const [row] = parseCsv(await written('csv', [final]), { columns: true }) as unknown as [{ transcript: string }];
        assert.equal(row.transcript.replace(/^'(?=[=+\-@\t\r])/, ''), text);
      }),
      { numRuns: 50 },
    );
  });
});

describe('WebVTT', () => {
  test('is read as cues whose text is the event', async () => {
    const cues = parseVtt(await written('webvtt'));
    assert.deepEqual(
      cues.map(({ startMs, endMs }) => [startMs, endMs]),
      [
        [0, 2_500],
        [1_000, 3_500],
        [8_000, 10_500],
      ],
    );
  });

  test('keeps to the rules of a metadata track, whatever was said', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), async (text, utteranceId) => {
        const final = { ...meeting[2], utteranceId, transcript: { text } } as UndertoneEvent;
        const blocks = (await written('webvtt', [final])).split('\n\n');
        const [id, timing, payload, ...rest] = blocks[2]!.trimEnd().split('\n');
        assert.equal(blocks.length, 3);
        assert.deepEqual(rest, []);
        assert.match(timing!, /^\d\d:\d\d:\d\d\.\d{3} --> \d\d:\d\d:\d\d\.\d{3}$/);
        assert.doesNotMatch(`${id!}${payload!}`, /-->/);
        assert.deepEqual(JSON.parse(payload!), JSON.parse(JSON.stringify(final)));
      }),
    );
  });

  test('counts from the beginning of the recording, and leaves out what was before it', async () => {
    let text = '';
    for await (const piece of writeWebVtt(() => meeting, { zeroMs: 1_790_000_000_000 + 3_000 })) text += piece;
    assert.deepEqual(
      parseVtt(text).map(({ startMs, endMs }) => [startMs, endMs]),
      [
        [0, 500],
        [5_000, 7_500],
      ],
    );
  });
});

describe('EmotionML', () => {
  test('satisfies the rules of the W3C, also without any event', async () => {
    assert.deepEqual(await violations(await written('emotionml'), await written('emotionml', [])), [[], []]);
  });

  test('the check can fail', async () => {
    const text = await written('emotionml');
    const changes = [
      ['confidence="0.71"', 'confidence="1.71"'],
      ['start="', 'start="-'],
      ['version="1.0"', 'version="2.0"'],
      ['<dimension ', '<dimensions '],
      ['type="category"', 'type="categories"'],
    ] as const;
    for (const [from] of changes) assert.ok(text.includes(from), from);
    const found = await violations(...changes.map(([from, to]) => text.replace(from, to)));
    found.forEach((messages, index) => assert.notDeepEqual(messages, [], changes[index]![1]));
  });

  test('names only what its vocabularies have', async () => {
    const text = await written('emotionml');
    const sets = new Map(
      [...text.matchAll(/<vocabulary type="(\w+)" id="([^"]+)">(.*?)<\/vocabulary>/gs)].map(([, , id, items]) => [
        id!,
        [...items!.matchAll(/<item name="([^"]+)"/g)].map(([, name]) => name!),
      ]),
    );
    const dimensions = sets.get(/dimension-set="#([^"]+)"/.exec(text)![1]!)!;
    const emotions = [...text.matchAll(/<emotion category-set="#([^"]+)".*?<\/emotion>/gs)];
    assert.equal(emotions.length, 3);
    for (const [emotion, set] of emotions) {
      for (const [, name] of emotion.matchAll(/<category name="([^"]+)"/g))
        assert.ok(sets.get(set!)?.includes(name!), name);
      for (const [, name] of emotion.matchAll(/<dimension name="([^"]+)"/g))
        assert.ok(dimensions.includes(name!), name);
    }
  });

  test('satisfies them for any labels, names and words', async () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 });
    const samples = fc.sample(fc.tuple(fc.uniqueArray(text, { minLength: 1, maxLength: 6 }), text, text), 200);
    const documents = samples.map(([names, id, words]) => {
      const labels = names.map((name, index) => ({ name, p: 1 / (index + 1) }));
      const final = { ...meeting[2], labels, participantId: id, utteranceId: id, transcript: { text: words } };
      return written('emotionml', [final as UndertoneEvent]);
    });
    const found = await violations(...(await Promise.all(documents)));
    found.forEach((messages, index) => assert.deepEqual(messages, [], JSON.stringify(samples[index])));
  });
});

describe('CloudEvents', () => {
  /** The required and the well-known attributes of CloudEvents 1.0.2, in its JSON format. */
  const attribute = { type: 'string', minLength: 1 };
  const validate = new Ajv2020({ strict: false }).compile({
    type: 'object',
    required: ['specversion', 'id', 'source', 'type'],
    properties: {
      specversion: { const: '1.0' },
      id: attribute,
      source: { ...attribute, pattern: "^[A-Za-z0-9._~:/?#\\[\\]@!$&'()*+,;=%-]+$" },
      type: attribute,
      subject: attribute,
      time: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)$' },
      datacontenttype: { const: 'application/json' },
      dataschema: { ...attribute, pattern: '^[a-z][a-z0-9+.-]*:' },
      data: {},
    },
    // Names of extension attributes are lower-case letters and digits, their values no objects.
    patternProperties: { '^(?!data$)[a-z0-9]{1,20}$': { type: ['string', 'integer', 'boolean'] } },
    additionalProperties: false,
  });

  test('have the attributes that they must have, and the event as their data', async () => {
    const events = jsonLines(await written('cloudevents'));
    assert.ok(events.length > 4);
    for (const event of events) {
      assert.ok(validate(event), JSON.stringify(validate.errors));
      assert.equal(event['id'], Event.parse(event['data']).eventId);
    }
    assert.equal(validate({ ...events[0], id: '' }), false, 'the check can fail');
  });

  test('sort by sequence as the events do', async () => {
    const sequences = jsonLines(await written('cloudevents')).map(({ sequence }) => sequence as string);
    assert.deepEqual([...sequences].sort(), sequences);
  });
});
