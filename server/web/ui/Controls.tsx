import type { RoomSession } from '../session/RoomSession.ts';
import { useStore } from './hooks.ts';
import { Icon } from './Icon.tsx';

/** Microphone, camera, and the way out. */
export function Controls({ session, onLeave }: { session: RoomSession; onLeave: () => void }) {
  const { microphone, camera } = useStore(session.media.state);
  const heard = microphone === 'on';
  const seen = camera === 'on';
  return (
    <div class="controls" role="toolbar" aria-label="Call">
      {session.self && (
        <>
          <button
            type="button"
            class={`button button-device ${heard ? '' : 'button-off'}`}
            aria-pressed={heard}
            onClick={() => void session.toggleMicrophone()}
            data-testid="toggle-microphone"
          >
            <Icon name="microphone" struck={!heard} />
            <span class="control-text">{heard ? 'Mute' : microphone === 'muted' ? 'Unmute' : 'Microphone'}</span>
          </button>
          <button
            type="button"
            class={`button button-device ${seen ? '' : 'button-off'}`}
            aria-pressed={seen}
            onClick={() => void session.toggleCamera()}
            data-testid="toggle-camera"
          >
            <Icon name="camera" struck={!seen} />
            <span class="control-text">{seen ? 'Stop camera' : 'Camera'}</span>
          </button>
        </>
      )}
      <button type="button" class="button button-leave" onClick={onLeave} data-testid="leave">
        <Icon name="leave" />
        <span class="control-text">Leave</span>
      </button>
    </div>
  );
}
