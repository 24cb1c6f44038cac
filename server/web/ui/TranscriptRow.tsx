import type { Reading, TranscriptLine } from '../emotion/EmotionState.ts';
import { clockTime, leading, reasonText, shortReading } from '../view/wording.ts';

interface TranscriptRowProps {
  line: TranscriptLine;
  name: string;
  colors: ReadonlyMap<string, number>;
  wordsIncluded: boolean;
}

function Words({ line: { status, reading }, wordsIncluded }: Pick<TranscriptRowProps, 'line' | 'wordsIncluded'>) {
  if (status === 'withdrawn') return <p class="words words-none">withdrawn</p>;
  const text = reading?.transcript?.text;
  if (text) return <p class="words">{text}</p>;
  if (status === 'open') {
    return (
      <p class="words words-none">
        speaking
        <span class="dots" aria-hidden="true" />
      </p>
    );
  }
  if (!reading) return <p class="words words-none">working out what the cues suggest</p>;
  const { used, reason } = reading.modalities.text;
  const why = used && !wordsIncluded ? 'words are not shown on this server' : reasonText(reason);
  return <p class="words words-none">{why}</p>;
}

function Chip({ reading, colors }: { reading: Reading; colors: TranscriptRowProps['colors'] }) {
  const lead = leading(reading);
  const interim = reading.type === 'emotion.interim';
  return (
    <span
      class={`chip ${lead ? `label-${colors.get(lead.name) ?? 0}` : 'chip-abstained'} ${interim ? 'chip-interim' : ''}`}
      title={lead ? `expression cues suggest ${shortReading(reading)}` : shortReading(reading)}
    >
      <span class="chip-dot" aria-hidden="true" />
      {shortReading(reading)}
      {interim && <span class="sr-only"> so far</span>}
    </span>
  );
}

/** One utterance. */
export function TranscriptRow({ line, name, colors, wordsIncluded }: TranscriptRowProps) {
  const { reading, startMs, status, utteranceId } = line;
  return (
    <li
      class={`line line-${status}`}
      data-testid="transcript-line"
      data-utterance={utteranceId}
      data-participant={line.participantId}
    >
      <p class="line-head">
        <strong>{name}</strong> <time dateTime={new Date(startMs).toISOString()}>{clockTime(startMs)}</time>
      </p>
      <Words line={line} wordsIncluded={wordsIncluded} />
      {reading && <Chip reading={reading} colors={colors} />}
    </li>
  );
}
