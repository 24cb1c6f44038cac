import { navigate } from '../router.ts';
import type { RoomSession } from '../session/RoomSession.ts';
import { Banner } from '../ui/Banner.tsx';
import { endText } from './endText.ts';
import { useSample } from './useSample.ts';

interface EndedNoteProps {
  session: RoomSession;
  reason?: string;
  onRejoin: () => void;
}

/** Why the call is over, and what can be done. What was read of it stays in view. */
export function EndedNote({ session, reason, onRejoin }: EndedNoteProps) {
  const sample = useSample();
  const viewer = session.self === undefined;
  return (
    <div class="ended" data-testid="ended">
      <p>
        <strong>{endText(reason)}</strong>
        {viewer && reason === 'ended' && ' Its readings stay here until you leave this page.'}
      </p>
      {sample.problem && <Banner tone="warning">{sample.problem}</Banner>}
      <div class="ended-actions">
        {viewer ? (
          <button type="button" class="button button-primary" disabled={sample.busy} onClick={sample.watch}>
            Watch it again
          </button>
        ) : (
          <button type="button" class="button button-primary" onClick={onRejoin}>
            Join again
          </button>
        )}
        <button type="button" class="button" onClick={() => navigate('/')}>
          To the first page
        </button>
      </div>
    </div>
  );
}
