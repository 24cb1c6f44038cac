import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ParticipantState } from '../emotion/EmotionState.ts';
import type { Subject } from '../timeline/facts.ts';
import { Plot } from '../timeline/Plot.tsx';
import type { View } from '../timeline/view.ts';
import { TraceFollower, type TraceReading } from '../trace/TraceFollower.ts';
import { useNow, useStore } from './hooks.ts';

interface WindowsStripProps {
  participantId: string;
  name: string;
  emotion?: ParticipantState;
  colors: ReadonlyMap<string, number>;
  /** What is shown as 0:00. */
  sinceMs: number;
  now: () => number;
  ended: boolean;
  read: (participantId: string) => Promise<TraceReading>;
}

const SHOWN_MS = 20_000;
const TICK_MS = 500;

/**
 * What the windows of one participant do, as it happens: the lanes of a timeline page over the last seconds. It stands
 * still while somebody points at it or has the focus in it.
 */
export function WindowsStrip({ participantId, name, emotion, colors, sinceMs, now, ended, read }: WindowsStripProps) {
  const follower = useMemo(
    () => new TraceFollower({ read: () => read(participantId), keepMs: 2 * SHOWN_MS }),
    [participantId],
  );
  const trace = useStore(follower.trace);
  const nowMs = useNow(TICK_MS, now);
  const [cursorMs, setCursor] = useState<number>();
  const moving: View = { fromMs: nowMs - SHOWN_MS, toMs: nowMs };
  const held = useRef(moving);
  if (cursorMs === undefined) held.current = moving;
  const view = held.current;

  useEffect(() => {
    if (!ended) follower.start();
    return () => follower.stop();
  }, [follower, ended]);

  // The event may be here before the next reading.
  useEffect(() => {
    if (emotion?.retracted) follower.forget();
  }, [emotion?.retracted]);

  const subject = useMemo<Subject | undefined>(() => {
    if (!trace) return undefined;
    const { finals = [], current } = emotion ?? {};
    const results = current?.type === 'emotion.interim' ? [...finals, current] : finals;
    return { participantId, name, trace, results };
  }, [trace, emotion?.finals, emotion?.current]);

  return (
    <section
      class="windows-strip"
      aria-label={`Windows of ${name}`}
      onFocusOut={() => setCursor(undefined)}
      data-testid="windows-strip"
    >
      {subject ? (
        <Plot
          subject={subject}
          view={view}
          bounds={view}
          zeroMs={sinceMs}
          cursorMs={cursorMs}
          colors={colors}
          onCursor={setCursor}
        />
      ) : (
        <p class="quiet">Nothing of {name} reaches the windows.</p>
      )}
    </section>
  );
}
