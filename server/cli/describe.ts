import type { EmotionFinal } from '../../plugin/index.ts';

/**
 * A final as one line for people: time, who, what the cues suggest, on what it rests, and the words.
 *
 * @param offsetMs time into the recording or call at which the utterance begins
 */
export function describeFinal(final: EmotionFinal, offsetMs: number, who = final.participantId): string {
  const seconds = Math.max(0, offsetMs / 1000);
  const at = `${Math.floor(seconds / 60)}:${(seconds % 60).toFixed(1).padStart(4, '0')}`;
  const [leading, ...others] = final.labels;
  const percent = (p: number) => `${Math.round(p * 100)} %`;
  const reading = final.abstained
    ? 'not clear enough to say'
    : `cues suggest ${leading!.name} ${percent(leading!.p)}` +
      others
        .slice(0, 2)
        .map(({ name, p }) => `, ${name} ${percent(p)}`)
        .join('');
  const used = (['text', 'audio', 'video'] as const).filter((name) => final.modalities[name].used).join('+');
  const mood = `sentiment ${final.sentiment >= 0 ? '+' : ''}${final.sentiment.toFixed(1)}`;
  const words = final.transcript ? `  "${final.transcript.text}"` : '';
  const revised = final.revision > 0 ? ` (revision ${final.revision})` : '';
  return `${at}  ${who}: ${reading} | ${mood} | ${used || 'nothing'}${revised}${words}`;
}
