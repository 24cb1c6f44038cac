// Plays a meeting that was kept: what expression cues suggested, when, and by whom, sixteen times as fast as it was live.
//   UNDERTONE_TOKEN=... node replay.ts http://127.0.0.1:3000 [MEETING] [FROM_SECONDS]
import { openReplay, type MeetingList } from 'undertone/client';

const [url = 'http://127.0.0.1:3000', given, from = '0'] = process.argv.slice(2);
/** Without one, what anybody may see: the sample meeting that ships. */
const token = process.env['UNDERTONE_TOKEN'] || undefined;

/** The newest meeting that there is to see. */
async function newest(): Promise<string> {
  const headers = { ...(token && { authorization: `Bearer ${token}` }) };
  const response = await fetch(`${url}/v1/meetings?limit=1`, { headers });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  const { meetings } = (await response.json()) as MeetingList;
  if (!meetings[0]) throw new Error('the token shows no meeting');
  return meetings[0].meetingId;
}

const clock = (ms: number) => new Date(ms).toISOString().slice(11, 19);

const replay = await openReplay({
  url,
  token,
  meetingId: given ?? (await newest()),
  from: Number(from) * 1_000,
  speed: 16,
});
const { meeting, participants } = replay.info!;
const names = new Map(
  participants.map(({ participantId, displayName = participantId }) => [participantId, displayName]),
);
console.log(`${meeting.title ?? meeting.roomId}, ${clock(meeting.durationMs)}: ${[...names.values()].join(', ')}`);

for await (const event of replay.events({ types: ['emotion.final'] })) {
  if (event.abstained) continue;
  const { name, p } = event.labels[0]!;
  const at = clock(event.span.startMs - meeting.startMs);
  console.log(`${at} ${names.get(event.participantId)}: expression cues suggest ${name} (${Math.round(p * 100)} %)`);
}
replay.close();
