import { parseTranscript, type TranscriptFile } from '../transcript/index.ts';
import type { TranscriptCue, AttributedSegment } from '../transcript/TranscriptTypes.ts';
import { RecordingError } from './RecordingError.ts';

const SHOWN_VOICES = 8;

/**
 * The words of the one who speaks in a recording, with times from its start.
 *
 * @param participantId who speaks in the recording
 * @param speaker the same one's name in the transcript; needed where it names several voices
 * @throws RecordingError where the transcript cannot be read, or it does not show whose words are meant
 */
export function transcriptSegments(text: string, participantId: string, speaker?: string): AttributedSegment[] {
  const cues = cuesOfSpeaker(parsed(text).cues, speaker);
  return cues.map(({ startMs, endMs, text: said, words, lang, id, final = true }, index) => ({
    participantId,
    segmentId: id ?? String(index),
    text: said,
    final,
    startMs,
    endMs,
    ...(words && { words }),
    ...(lang !== undefined && { lang }),
  }));
}

function parsed(text: string): TranscriptFile {
  try {
    return parseTranscript(text);
  } catch (error) {
    throw new RecordingError(`transcript: ${(error as Error).message}`);
  }
}

/** Words of others are left out: the recording is of one. */
function cuesOfSpeaker(cues: readonly TranscriptCue[], speaker: string | undefined): TranscriptCue[] {
  const voices = [...new Set(cues.flatMap((cue) => (cue.speaker === undefined ? [] : [cue.speaker])))];
  const named = voices
    .slice(0, SHOWN_VOICES)
    .map((voice) => JSON.stringify(voice))
    .join(', ');
  const shown = voices.length > SHOWN_VOICES ? `${named}, ...` : named;
  if (speaker === undefined) {
    if (voices.length < 2) return [...cues];
    throw new RecordingError(`transcript: it names ${voices.length} voices (${shown}); say by speaker who is heard`);
  }
  if (voices.includes(speaker)) return cues.filter((cue) => cue.speaker === speaker);
  const there = voices.length === 0 ? 'it names no voices' : `it names ${shown}`;
  throw new RecordingError(`transcript: speaker ${JSON.stringify(speaker)} is not in it; ${there}`);
}
