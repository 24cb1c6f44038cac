import { NOTHING } from '../emotion/EmotionState.ts';
import type { RoomSession } from '../session/RoomSession.ts';
import { listNames, MODALITIES } from '../view/wording.ts';
import { useStore } from './hooks.ts';
import { Icon } from './Icon.tsx';

interface SelfIndicatorProps {
  session: RoomSession;
  onOpenConsent: () => void;
}

/** Always in view: what of oneself is really being analysed, and the way out of it. */
export function SelfIndicator({ session, onOpenConsent }: SelfIndicatorProps) {
  const { participants } = useStore(session.emotion.state);
  const { analysed, consent } = participants[session.self?.participantId ?? ''] ?? {
    analysed: NOTHING,
    consent: NOTHING,
  };
  const flowing = MODALITIES.filter((modality) => analysed[modality]);
  const allowed = MODALITIES.filter((modality) => consent[modality]);
  const live = flowing.length > 0;
  return (
    <div class={`self ${live ? 'self-live' : ''}`}>
      <p
        class="self-state"
        role="status"
        data-testid="analysed-indicator"
        data-analysed={flowing.join(' ')}
        data-consent={allowed.join(' ')}
      >
        {live ? <span class="live-dot" /> : <Icon name="shield" />}
        <span>
          {live && `Analysed now: your ${listNames(flowing)}`}
          {!live && allowed.length > 0 && 'Allowed, but nothing of you is analysed now'}
          {!live && allowed.length === 0 && 'Nothing of you is analysed'}
        </span>
      </p>
      <div class="self-actions">
        {(live || allowed.length > 0) && (
          <button
            type="button"
            class="button button-stop"
            onClick={() => void session.stopAnalysis()}
            data-testid="stop-analysing"
          >
            <Icon name="stop" /> Stop analysing me
          </button>
        )}
        <button type="button" class="button" onClick={onOpenConsent} data-testid="consent-open">
          {allowed.length > 0 ? 'Change' : 'Choose'}
          <span class="sr-only"> what may be analysed</span>
        </button>
      </div>
    </div>
  );
}
