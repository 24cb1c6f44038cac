// Follows a call from a page: the client, and no framework.
import { ClientError, connect, type EmotionClient } from 'undertone/client';

const button = document.querySelector<HTMLButtonElement>('#watch')!;
const status = document.querySelector('#status')!;
const readings = document.querySelector('#readings')!;

/** Your page gets its token from your server; this one asks for that of the sample call. */
async function sampleToken(): Promise<{ roomId: string; token: string }> {
  const response = await fetch('/v1/sample', { method: 'POST' });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as { roomId: string; token: string };
}

function follow(emotions: EmotionClient): void {
  const lines = new Map<string, HTMLLIElement>();
  emotions.on('emotion.final', ({ utteranceId, participantId, labels, transcript, abstained }) => {
    // A revision has the same id and replaces what was said before.
    const line = lines.get(utteranceId) ?? document.createElement('li');
    lines.set(utteranceId, line);
    const reading = abstained === undefined ? `cues suggest ${labels[0]?.name}` : 'not sure enough to say';
    line.textContent = `${participantId}: ${reading} ${transcript ? `(“${transcript.text}”)` : ''}`;
    readings.append(line);
  });
  emotions.on('emotion.retracted', ({ utteranceIds }) => utteranceIds.forEach((id) => lines.get(id)?.remove()));
  emotions.on('status', (now) => (status.textContent = now));
}

async function watch(): Promise<void> {
  button.disabled = true;
  try {
    const emotions = await connect(await sampleToken());
    status.textContent = emotions.status;
    follow(emotions);
  } catch (error) {
    status.textContent = error instanceof ClientError ? `${error.code}: ${error.message}` : String(error);
    button.disabled = false;
  }
}

button.addEventListener('click', () => void watch());
