// Starts the sample call at one server and follows it at the other:
// node --conditions=undertone-source follow.ts http://127.0.0.1:3001 http://127.0.0.1:3002
import { EmotionClient } from 'undertone/client';

const [, , at = 'http://127.0.0.1:3001', elsewhere = 'http://127.0.0.1:3002'] = process.argv;

const response = await fetch(`${at}/v1/sample`, { method: 'POST' });
const { roomId, token } = (await response.json()) as { roomId: string; token: string };

const emotions = new EmotionClient({ url: elsewhere, roomId, token });
for await (const { seq, participantId, labels } of emotions.events({ types: ['emotion.final'] })) {
  console.log(`${seq}: expression cues of ${participantId} suggest ${labels[0]?.name}`);
}
