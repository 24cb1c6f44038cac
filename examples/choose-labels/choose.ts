// Asks the people of a call a question of one's own: any words that name an expression.
import { ClientError, connect } from 'undertone/client';

const url = process.env['UNDERTONE_URL'] ?? 'http://127.0.0.1:3000';
const words = process.argv.slice(2);
// One word is the name of a shipped set, such as big6; two to 64 are labels of your own.
const labels = words.length === 0 ? ['engaged', 'confused', 'bored'] : words.length === 1 ? words[0]! : words;

const response = await fetch(`${url}/v1/sample`, { method: 'POST' });
const { roomId, token } = (await response.json()) as { roomId: string; token: string };
const emotions = await connect({ url, roomId, token });
try {
  const chosen = await emotions.setLabels(labels);
  console.log(`asked for ${chosen.labels.join(', ')}`);
  let left = 3;
  for await (const { participantId, labels: scores, labelSet } of emotions.events({ types: ['emotion.final'] })) {
    // An utterance that had begun before is still answered in the old labels.
    if (labelSet.hash !== chosen.hash) continue;
    const shares = scores.map(({ name, p }) => `${name} ${Math.round(p * 100)} %`);
    console.log(`${participantId}: expression cues suggest ${shares.join(', ')}`);
    if (--left === 0) break;
  }
} catch (error) {
  if (!(error instanceof ClientError)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = 1;
} finally {
  emotions.close();
}
