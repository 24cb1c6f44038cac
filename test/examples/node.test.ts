/** The examples that run in Node.js, as their READMEs say, against a real server with real media. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test, type TestContext } from 'node:test';
import { connect as connectClient } from '../../client/index.ts';
import { checkConfig } from '../../server/config/check.ts';
import type { Server } from '../../server/index.ts';
import { connect, openServer, refusal, register, TEST_CONFIG } from '../server/support.ts';
import { runExample, startExample, type RunningExample } from './support.ts';

const SECRET = 'a secret of at least thirty-two characters';
const LINES = ['We shipped it, and it works!', 'Well, that is their problem.', 'How sad.'];
const SUGGESTS = /expression cues suggest \w+/;

function temporaryFile(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'undertone-example-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return path.join(folder, 'bot.json');
}

/** The settings that the README of your-own-tokens shows, but for the port of the issuer, which is any that is free here. */
function issuerSettings(url: string): { auth: object } {
  const readme = readFileSync(new URL('../../examples/your-own-tokens/README.md', import.meta.url), 'utf8');
  const settings = /```json\n(.*?)```/s.exec(readme)![1]!;
  assert.match(settings, /http:\/\/127\.0\.0\.1:4000/);
  return JSON.parse(settings.replace('http://127.0.0.1:4000', url)) as { auth: object };
}

describe('beside a server', { timeout: 600_000 }, () => {
  let server: Server;
  let issuer: RunningExample;
  let issuerUrl = '';
  let env: Record<string, string>;
  before(async () => {
    issuer = startExample('your-own-tokens/issuer.ts', { env: { PORT: '0' } });
    for await (const line of issuer.lines) {
      issuerUrl = line;
      break;
    }
    server = await openServer({
      tokenSecret: SECRET,
      auth: { ...issuerSettings(issuerUrl).auth, registration: true },
      analysis: { ...TEST_CONFIG.analysis, utterance: { maxMs: 2_000 }, aggregate: { intervalMs: 1_000 } },
    });
    env = { UNDERTONE_URL: server.url };
  });
  after(async () => {
    await issuer.stop();
    await server?.close();
  });

  test('bot-in-node follows the sample call where it is not told another', async (t) => {
    const bot = startExample('bot-in-node', { args: [temporaryFile(t)], env });
    t.after(() => bot.child.kill('SIGKILL'));
    for await (const line of bot.lines) {
      assert.match(line, /^\d+ \w+: expression cues suggest [\w ]+$/);
      break;
    }
    assert.equal(await bot.stop(), 0, bot.errors());
  });

  test('bot-in-node goes on after the last event that it dealt with', async (t) => {
    const { token, participantId, notice } = await register(server, 'talk');
    const ada = await connectClient({ url: server.url, roomId: 'talk', token });
    t.after(() => ada.close());
    await ada.setConsent({ text: true }, notice.version);
    /** The number of the result of a line that the model is sure enough about to say something. */
    let line = 0;
    const say = async (): Promise<number> => {
      const finals = ada.events({ types: ['emotion.final'] });
      line += 1;
      const endMs = Date.now();
      const text = LINES[line % LINES.length]!;
      await ada.pushTranscript({ segmentId: String(line), text, final: true, startMs: endMs - 200, endMs });
      for await (const { seq, abstained } of finals) return abstained === undefined ? seq : say();
      throw new Error('the call ended');
    };

    const file = temporaryFile(t);
    const options = { args: [file], env: { ...env, UNDERTONE_ROOM: 'talk', UNDERTONE_TOKEN: token } };
    /** Runs the bot until it has told as much of these. */
    const runUntil = async (seqs: number[]): Promise<void> => {
      const bot = startExample('bot-in-node', options);
      t.after(() => bot.child.kill('SIGKILL'));
      const told: number[] = [];
      for await (const text of bot.lines) {
        if (text.includes('twice')) continue;
        assert.match(text, new RegExp(`^\\d+ ${participantId}: expression cues suggest [\\w ]+$`));
        told.push(Number.parseInt(text, 10));
        if (told.length === seqs.length) break;
      }
      assert.deepEqual(told, seqs, bot.errors());
      assert.equal(await bot.stop(), 0, bot.errors());
    };
    await runUntil([await say(), await say()]);
    // What is said while the bot is away is what it hears when it is back, and nothing that it knows.
    await runUntil([await say(), await say()]);
  });

  test('choose-labels asks the room for words of its own', async () => {
    const { code, lines, errors } = await runExample('choose-labels', { env });
    assert.equal(code, 0, errors);
    assert.equal(lines[0], 'asked for engaged, confused, bored');
    assert.equal(lines.length, 4);
    for (const line of lines.slice(1)) {
      assert.match(line, /^\w+: expression cues suggest (engaged|confused|bored) \d+ %, \w+ \d+ %, \w+ \d+ %$/);
    }
  });

  test('choose-labels tells why labels are refused', async () => {
    const { code, errors } = await runExample('choose-labels', { args: ['no-such-set'], env });
    assert.equal(code, 1);
    assert.match(errors, /^invalid: labels: /);
  });

  test('push-a-transcript reads a file, after consent', async () => {
    const { code, lines, errors } = await runExample('push-a-transcript', { env });
    assert.equal(code, 0, errors);
    assert.deepEqual(lines.slice(0, 2), ['WebVTT, 3 lines', 'before consent: no-consent']);
    assert.deepEqual(
      lines.slice(2).map((line) => line.replace(SUGGESTS, '...')),
      [
        '"We shipped it, and it works!": ...',
        '"But nobody told support about it.": ...',
        '"Well, that is their problem.": ...',
      ],
    );
  });

  test('your-own-tokens: the server takes what its secret signed, with the scopes named', async (t) => {
    await register(server, 'standup');
    const options = { env: { ...env, UNDERTONE_TOKEN_SECRET: SECRET }, args: ['standup', 'bot', 'room:all'] };
    const { lines } = await runExample('your-own-tokens/hs256.ts', options);
    const bot = await connect(t, server, '/emotion', lines[0]);
    assert.equal((await bot.request('subscribe', { roomId: 'standup' })).ok, true);
    assert.equal((await bot.request('consent.set', { audio: false })).error?.code, 'forbidden');
  });

  test('your-own-tokens: tokens of an issuer open the room as they say, and nothing else', async (t) => {
    assert.equal(checkConfig(issuerSettings(issuerUrl)).auth.registration, false);
    const token = async (query: string) => (await fetch(`${issuerUrl}/token?room=own&${query}`)).text();
    await connect(t, server, '/call', await token('sub=ada&scope=call+self&name=Ada'));
    const bot = await connect(t, server, '/emotion', await token('sub=bot&scope=room:all'));
    assert.equal((await bot.request('subscribe', { roomId: 'own' })).ok, true);
    const own = await connect(t, server, '/emotion', await token('sub=ada&scope=self'));
    const others = await own.request('subscribe', { roomId: 'own', participantId: 'grace' });
    assert.equal(others.error?.code, 'forbidden');
    assert.equal((await refusal(server, '/call', await token('sub=bot&scope=room:all'))).code, 'forbidden');
  });

  test('room-means shows means over the people of a room', async () => {
    const { code, lines, errors } = await runExample('room-means', { env });
    assert.equal(code, 0, errors);
    const shown = /^[67] people: expression cues suggest, on average, (\w+ \d+ %, ){2}\w+ \d+ %; sentiment -?[\d.]+$/;
    assert.match(lines[0]!, shown);
  });
});

test('an example that does not exist is told with those that do', async () => {
  for (const name of ['nothing', '../server']) {
    const { code, errors } = await runExample(name);
    assert.equal(code, 1);
    assert.match(errors, /There is no example .*\n\n.*\n\n[^]*\n {2}attach-to-your-app +How do I/);
  }
  assert.match((await runExample('your-own-tokens')).errors, /hs256\.ts, your-own-tokens\/issuer\.ts/);
});
