import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { TranscriptLine } from '../emotion/EmotionState.ts';
import { TranscriptRow } from './TranscriptRow.tsx';

interface TranscriptPanelProps {
  lines: readonly TranscriptLine[];
  nameOf: (participantId: string) => string;
  colors: ReadonlyMap<string, number>;
  /** Whether results carry words on this server. */
  wordsIncluded: boolean;
  /** Where one's own words are written. */
  children: ComponentChildren;
}

/** Within this of the end, the panel follows what is new. */
const NEAR_PX = 80;

/** Who said what, with each utterance's reading. */
export function TranscriptPanel({ lines, nameOf, colors, wordsIncluded, children }: TranscriptPanelProps) {
  const list = useRef<HTMLOListElement>(null);
  const following = useRef(true);
  const follow = () => {
    const element = list.current;
    if (element && following.current) element.scrollTop = element.scrollHeight;
  };
  useEffect(follow, [lines]);
  useEffect(() => {
    const element = list.current;
    if (!element) return;
    const observer = new ResizeObserver(follow);
    observer.observe(element);
    return () => observer.disconnect();
  }, [lines.length === 0]);
  const scrolled = () => {
    const element = list.current;
    if (!element) return;
    following.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX;
  };
  return (
    <section class="transcript" aria-label="Transcript">
      <h2 class="panel-title">Transcript</h2>
      {lines.length === 0 ? (
        <p class="quiet transcript-empty">
          What people say appears here, once they have allowed it, with what each utterance suggests.
        </p>
      ) : (
        <ol ref={list} class="transcript-list" onScroll={scrolled} tabIndex={0}>
          {lines.map((line) => (
            <TranscriptRow
              key={line.utteranceId}
              line={line}
              name={nameOf(line.participantId)}
              colors={colors}
              wordsIncluded={wordsIncluded}
            />
          ))}
        </ol>
      )}
      {children}
    </section>
  );
}
