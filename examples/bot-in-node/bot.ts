// A bot that follows a call, reacts to it, and after a restart goes on where it stopped.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { ClientError, connect, type EmotionFinal } from 'undertone/client';

interface Memory {
  roomId: string;
  token: string;
  /** Number of the last event that the bot has dealt with. */
  since: number;
}

const url = process.env['UNDERTONE_URL'] ?? 'http://127.0.0.1:3000';
const { UNDERTONE_ROOM: room, UNDERTONE_TOKEN: given } = process.env;
const file = process.argv[2] ?? 'bot.json';

async function begin(): Promise<Memory> {
  // A bot of yours has a token from your issuer: see ../your-own-tokens.
  if (room !== undefined && given !== undefined) return { roomId: room, token: given, since: 0 };
  const response = await fetch(`${url}/v1/sample`, { method: 'POST' });
  if (!response.ok) throw new Error(await response.text());
  return { ...((await response.json()) as Omit<Memory, 'since'>), since: 0 };
}

/** What the bot is for. A single result says little, so it waits until the same has been suggested twice in a row. */
const before = new Map<string, string>();
function react({ seq, participantId, labels, abstained }: EmotionFinal): void {
  const name = labels[0]?.name;
  if (name === undefined || abstained !== undefined) return;
  console.log(`${seq} ${participantId}: expression cues suggest ${name}`);
  if (before.get(participantId) === name) console.log(`${seq} ${participantId}: twice in a row, worth a question`);
  before.set(participantId, name);
}

const memory = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Memory) : await begin();
const emotions = await connect({ url, ...memory });
emotions.on('gap', ({ afterSeq, beforeSeq }) => console.error(`not kept any more: ${afterSeq} to ${beforeSeq}`));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => emotions.close());

try {
  for await (const event of emotions.events({ types: ['emotion.final', 'emotion.retracted'] })) {
    if (event.type === 'emotion.final') react(event);
    else before.delete(event.participantId); // Consent was withdrawn: nothing of it is kept.
    writeFileSync(file, JSON.stringify({ ...memory, since: event.seq }), { mode: 0o600 });
  }
} catch (error) {
  if (!(error instanceof ClientError) || error.code !== 'room-closed') throw error;
  console.log('the call has ended');
}
