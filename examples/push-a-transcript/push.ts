// Brings in words from elsewhere: a participant's captions, line by line, and what the words alone suggest.
import { readFile } from 'node:fs/promises';
import { parseTranscript } from 'undertone';
import { connect, type ClientError } from 'undertone/client';

const url = process.env['UNDERTONE_URL'] ?? 'http://127.0.0.1:3000';
const file = process.argv[2] ?? new URL('talk.vtt', import.meta.url);
const roomId = process.argv[3] ?? 'captions';

// Everything that happens to somebody needs a somebody: the words are Ada's, and Ada has to agree.
const response = await fetch(`${url}/v1/rooms/${roomId}/participants`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ displayName: 'Ada' }),
});
if (!response.ok) throw new Error(await response.text());
const ada = (await response.json()) as { participantId: string; token: string; notice: { version: string } };
const emotions = await connect({ url, roomId, token: ada.token, participantId: ada.participantId });

try {
  const { format, cues } = parseTranscript(await readFile(file, 'utf8'));
  console.log(`${format}, ${cues.length} lines`);
  const first = { segmentId: '1', text: cues[0]?.text ?? '', final: false };
  await emotions.pushTranscript(first).catch((error: ClientError) => console.log(`before consent: ${error.code}`));
  await emotions.setConsent({ text: true }, ada.notice.version);

  // The talk ended just now: its times become times of the wall clock.
  const beganMs = Date.now() - (cues.at(-1)?.endMs ?? 0);
  for (const [index, { text, startMs, endMs }] of cues.entries()) {
    const segment = { segmentId: String(index + 1), startMs: beganMs + startMs, endMs: beganMs + endMs };
    const finals = emotions.events({ types: ['emotion.final'] });
    // A recogniser guesses first; the same id with `final` replaces the guess.
    await emotions.pushTranscript({ ...segment, text: text.toLowerCase(), final: false });
    await emotions.pushTranscript({ ...segment, text, final: true });
    for await (const { transcript, labels } of finals) {
      console.log(`"${transcript?.text}": expression cues suggest ${labels[0]?.name}`);
      break;
    }
  }
} finally {
  emotions.close();
}
