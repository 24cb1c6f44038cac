import { NOTHING, type ParticipantState } from '../emotion/EmotionState.ts';
import { initials } from '../view/initials.ts';
import type { TraceReading } from '../trace/TraceFollower.ts';
import { listNames, MODALITIES } from '../view/wording.ts';
import { AnalysedBadge } from './AnalysedBadge.tsx';
import { Icon } from './Icon.tsx';
import { VideoView } from './MediaElements.tsx';
import { ReadingView } from './ReadingView.tsx';
import { Strip } from './Strip.tsx';
import { WindowsStrip } from './WindowsStrip.tsx';

export interface TileProps {
  participantId: string;
  displayName: string;
  isSelf: boolean;
  sample: boolean;
  muted: boolean;
  video?: MediaStreamTrack;
  emotion?: ParticipantState;
  /** Whether this client is shown this participant's events at all. */
  visible: boolean;
  colors: ReadonlyMap<string, number>;
  sinceMs: number;
  /** The call is over: nothing is analysed any more. */
  ended: boolean;
  now: () => number;
  /** Given where the windows are to be shown. */
  readTrace?: (participantId: string) => Promise<TraceReading>;
}

function Quiet({ isSelf, visible, emotion, ended }: Pick<TileProps, 'isSelf' | 'visible' | 'emotion' | 'ended'>) {
  if (ended) return <p class="quiet">{emotion?.retracted ? 'Readings were withdrawn.' : 'There were no readings.'}</p>;
  if (!visible) return <p class="quiet">Only they see their readings.</p>;
  const analysed = emotion?.analysed ?? NOTHING;
  const flowing = MODALITIES.filter((modality) => analysed[modality]);
  if (flowing.length > 0) {
    return (
      <p class="quiet">
        {emotion?.retracted && 'Earlier readings were withdrawn. '}Listening for cues in {listNames(flowing)}.
      </p>
    );
  }
  if (emotion?.retracted) {
    return <p class="quiet">Readings were withdrawn and are gone.</p>;
  }
  const allows = emotion && MODALITIES.some((modality) => emotion.consent[modality]);
  if (allows) return <p class="quiet">Allowed, but nothing reaches the analysis now.</p>;
  return <p class="quiet">{isSelf ? 'You have not allowed any analysis.' : 'Has not allowed any analysis.'}</p>;
}

/** Whoever allows nothing has no strip: an empty one would say that something is missing. */
function shownInStrip(emotion: ParticipantState | undefined, ended: boolean): boolean {
  if (!emotion) return false;
  return emotion.finals.length > 0 || (!ended && MODALITIES.some((modality) => emotion.consent[modality]));
}

/** One participant: picture, reading and the last minutes. */
export function Tile(props: TileProps) {
  const { participantId, displayName, isSelf, sample, muted, video, emotion, visible, colors, sinceMs, ended, now } =
    props;
  const { readTrace } = props;
  const name = isSelf ? `${displayName} (you)` : displayName;
  const speaking = !ended && (emotion?.open.length ?? 0) > 0;
  return (
    <article class={`tile ${speaking ? 'tile-speaking' : ''}`} aria-label={name} data-testid={`tile-${participantId}`}>
      <div class="stage">
        {video ? (
          <VideoView track={video} mirrored={isSelf} label={`Picture of ${name}`} />
        ) : (
          <span class="initials" aria-hidden="true">
            {initials(displayName)}
          </span>
        )}
        <div class="stage-foot">
          <span class="nameplate">
            {name}
            {sample && <span class="tag tag-on-picture">sample</span>}
            {muted && !ended && (
              <span class="muted-mark" role="img" aria-label="microphone off" title="microphone off">
                <Icon name="microphone" struck />
              </span>
            )}
          </span>
          {!ended && visible && <AnalysedBadge analysed={emotion?.analysed ?? NOTHING} name={name} />}
        </div>
      </div>
      <div class="tile-body">
        {emotion?.current ? (
          <ReadingView reading={emotion.current} colors={colors} />
        ) : (
          <Quiet isSelf={isSelf} visible={visible} emotion={emotion} ended={ended} />
        )}
        {visible && shownInStrip(emotion, ended) && (
          <Strip name={name} finals={emotion?.finals ?? []} colors={colors} sinceMs={sinceMs} now={now} />
        )}
        {visible && readTrace && shownInStrip(emotion, ended) && (
          <WindowsStrip {...{ participantId, name, emotion, colors, sinceMs, now, ended }} read={readTrace} />
        )}
      </div>
    </article>
  );
}
