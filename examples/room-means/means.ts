// What a room as a whole expresses, for somebody who may see nobody's own results.
import { connect, type EmotionClient } from 'undertone/client';

const url = process.env['UNDERTONE_URL'] ?? 'http://127.0.0.1:3000';
const roomId = process.argv[2] ?? 'town-hall';
const NAMES = ['Ada', 'Grace', 'Alan', 'Edsger', 'Barbara', 'Donald', 'Katherine'];
const LINES = ['I am so glad that this works!', 'That is a wonderful idea.', 'I am really angry about it.', 'How sad.'];

interface Registered {
  participantId: string;
  token: string;
  notice: { version: string };
}

async function register(displayName: string): Promise<Registered> {
  const response = await fetch(`${url}/v1/rooms/${roomId}/participants`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ displayName }),
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as Registered;
}

/** Somebody who agrees to the analysis of words, and types. */
async function join(name: string): Promise<EmotionClient> {
  const { participantId, token, notice } = await register(name);
  const person = await connect({ url, roomId, token, participantId });
  await person.setConsent({ text: true }, notice.version);
  return person;
}

/** Says a line and waits until it has been read. */
async function say(person: EmotionClient, segmentId: string, text: string): Promise<void> {
  const finals = person.events({ types: ['emotion.final'] });
  const endMs = Date.now();
  await person.pushTranscript({ segmentId, text, final: true, startMs: endMs - 200, endMs });
  await finals.next();
  await finals.return();
}

const { token } = await register('Dashboard');
const means = await connect({ url, roomId, token, aggregate: true });
const people = await Promise.all(NAMES.map(join));

let found = false;
means.once('emotion.aggregate', ({ people: count, labels, sentiment }) => {
  found = true;
  const shares = labels.slice(0, 3).map(({ name, p }) => `${name} ${Math.round(p * 100)} %`);
  console.log(`${count} people: expression cues suggest, on average, ${shares.join(', ')}; sentiment ${sentiment}`);
});
for (let round = 0; !found; round += 1) {
  await Promise.all(people.map((person, index) => say(person, String(round), LINES[(index + round) % LINES.length]!)));
}
for (const client of [means, ...people]) client.close();
