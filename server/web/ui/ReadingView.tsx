import type { Reading } from '../emotion/EmotionState.ts';
import { leading, percent, shortReading } from '../view/wording.ts';
import { Bars } from './Bars.tsx';
import { Evidence } from './Evidence.tsx';
import { SentimentMark } from './SentimentMark.tsx';

interface ReadingViewProps {
  reading: Reading;
  colors: ReadonlyMap<string, number>;
}

/** A result in words, with how sure the model is and what it rests on. An interim one is drawn lighter. */
export function ReadingView({ reading, colors }: ReadingViewProps) {
  const interim = reading.type === 'emotion.interim';
  const lead = leading(reading);
  return (
    <div
      class={`reading ${interim ? 'reading-interim' : ''}`}
      data-testid="reading"
      data-type={reading.type}
      data-utterance={reading.utteranceId}
    >
      <div class="reading-head">
        <p class="reading-lead">
          <span class="reading-caption">
            {lead ? 'expression cues suggest' : 'expression cues'}
            {interim && <span class="tag">so far</span>}
            {reading.revision > 0 && <span class="tag">revised</span>}
          </span>
          {lead ? (
            <span class={`reading-word label-${colors.get(lead.name) ?? 0}`}>
              {lead.name} <span class="reading-confidence">{percent(reading.confidence)}</span>
            </span>
          ) : (
            <span class="reading-word reading-abstained">{shortReading(reading)}</span>
          )}
        </p>
        <Bars labels={reading.labels} colors={colors} />
      </div>
      <SentimentMark value={reading.sentiment} />
      <Evidence modalities={reading.modalities} />
    </div>
  );
}
