import { useEffect, useRef, useState } from 'preact/hooks';
import { formatMs } from '../timeline/view.ts';
import { useStore } from '../ui/hooks.ts';
import { tells, type Filter } from './Filter.ts';
import type { Place } from './Place.ts';
import type { Results } from './Results.ts';
import type { Utterance } from './Utterance.ts';

interface TranscriptProps {
  place: Place;
  results: Results;
  filter: Filter;
  colors: ReadonlyMap<string, number>;
  nameOf: (participantId: string) => string;
  /** Whether the meeting was kept with its words. */
  withWords: boolean;
}

/** So much is told before and after the time that is looked at. */
const BEFORE_MS = 120_000;
const AFTER_MS = 60_000;
/** Moving on quickly asks for nothing on the way. */
const REST_MS = 250;
/** Lines change no more often than one can read. */
const TURN_MS = 120;
/** The window moves on in steps, so that lines do not come and go all the time. */
const STEP_MS = 15_000;

/** Who said what around the cursor, with what cues suggest. It follows while time goes on, and a line leads to its time. */
export function Transcript({ place, results, filter, colors, nameOf, withWords }: TranscriptProps) {
  const [step, setStep] = useState(Math.floor(place.at.value / STEP_MS));
  const [current, setCurrent] = useState<string>();
  const version = useStore(results.version);
  const problem = useStore(results.problem);
  const list = useRef<HTMLOListElement>(null);
  const window = { fromMs: step * STEP_MS - BEFORE_MS, toMs: (step + 1) * STEP_MS + AFTER_MS };
  const lines = results.within(window).filter((one) => tells(filter, one));
  const latest = useRef(lines);
  latest.current = lines;

  useEffect(() => {
    let rest: ReturnType<typeof setTimeout> | undefined;
    let asked: number | undefined;
    const want = () => {
      rest = undefined;
      asked = Math.floor(place.at.value / STEP_MS);
      results.want({ fromMs: place.at.value - BEFORE_MS, toMs: place.at.value + AFTER_MS + STEP_MS });
    };
    let turn: ReturnType<typeof setTimeout> | undefined;
    const moved = () => {
      turn = undefined;
      const at = place.at.value;
      setStep(Math.floor(at / STEP_MS));
      setCurrent(latest.current.findLast(({ startMs }) => startMs <= at)?.utteranceId);
      if (Math.floor(at / STEP_MS) !== asked) rest ??= setTimeout(want, REST_MS);
    };
    want();
    moved();
    const ends = [
      place.at.subscribe(() => (turn ??= setTimeout(moved, TURN_MS))),
      place.leapt.subscribe(() => {
        clearTimeout(rest);
        rest = setTimeout(want, REST_MS);
      }),
    ];
    return () => {
      clearTimeout(rest);
      clearTimeout(turn);
      for (const end of ends) end();
    };
  }, [place, results]);

  useEffect(() => {
    setCurrent(lines.findLast(({ startMs }) => startMs <= place.at.value)?.utteranceId);
  }, [version, step, filter]);

  useEffect(() => {
    const element = list.current;
    const line = element?.querySelector<HTMLElement>('[aria-current]');
    if (!element || !line || element.contains(document.activeElement)) return;
    // The panel alone scrolls, never the page.
    element.scrollTop = line.offsetTop - element.clientHeight / 2 + line.offsetHeight / 2;
  }, [current, version]);

  return (
    <section class="card meeting-transcript" aria-labelledby="meeting-transcript">
      <h2 id="meeting-transcript">Transcript</h2>
      {problem !== undefined && <p role="alert">{problem}</p>}
      {lines.length === 0 && problem === undefined && (
        <p class="quiet">{results.has(window) ? 'Nothing is told around this time.' : 'Loading …'}</p>
      )}
      <ol ref={list} tabIndex={0} aria-label="Lines around the time that is looked at">
        {lines.map((line) => (
          <Line
            key={line.utteranceId}
            line={line}
            name={nameOf(line.participantId)}
            color={line.lead && colors.get(line.lead.name)}
            current={line.utteranceId === current}
            withWords={withWords}
            onLeap={() => place.leap(line.startMs)}
          />
        ))}
      </ol>
    </section>
  );
}

interface LineProps {
  line: Utterance;
  name: string;
  color: number | undefined;
  current: boolean;
  withWords: boolean;
  onLeap: () => void;
}

function Line({ line: { startMs, text, lead, reading }, name, color, current, withWords, onLeap }: LineProps) {
  return (
    <li aria-current={current ? 'time' : undefined} data-testid="moment-line">
      <p class="meeting-line-head">
        <button type="button" class="meeting-link number" onClick={onLeap} aria-label={`Go to ${formatMs(startMs, 0)}`}>
          {formatMs(startMs, 0)}
        </button>{' '}
        <strong>{name}</strong>
      </p>
      {text !== undefined ? <p>{text}</p> : <p class="quiet">{withWords ? 'no words' : 'words were not kept'}</p>}
      <p class={`quiet ${color === undefined ? '' : `label-${color}`}`}>
        {lead && <span class="meetings-mark" />} {lead ? 'cues suggest ' : ''}
        {reading}
      </p>
    </li>
  );
}
