import type { LabelSet } from '../api/types.ts';
import { navigate } from '../router.ts';
import type { RoomSession } from '../session/RoomSession.ts';
import { CopyLink } from './CopyLink.tsx';
import { Icon } from './Icon.tsx';
import { Logo } from './Logo.tsx';
import { OverloadNote } from './OverloadNote.tsx';
import { ThemeToggle } from './ThemeToggle.tsx';

interface RoomHeaderProps {
  session: RoomSession;
  labels: LabelSet;
  canChooseLabels: boolean;
  ended: boolean;
  onLabels: () => void;
}

/** Which call this is, what is looked for, and how others come in. */
export function RoomHeader({ session, labels, canChooseLabels, ended, onLabels }: RoomHeaderProps) {
  const { roomId, self } = session;
  const home = (event: Event) => {
    event.preventDefault();
    navigate('/');
  };
  const asked = labels.labels.join(', ');
  return (
    <header class="room-head">
      <a href="/" class="home-link" onClick={home} aria-label="Undertone: leave and go to the first page">
        <Logo />
      </a>
      <h1 class="room-title">{self ? roomId : 'Sample call'}</h1>
      <OverloadNote session={session} />
      <div class="room-tools">
        {canChooseLabels && (
          <button
            type="button"
            class="button button-small"
            onClick={onLabels}
            title={asked && `Looked for: ${asked}`}
            data-testid="labels-open"
          >
            <Icon name="labels" /> <span class="tool-text">Labels</span>
          </button>
        )}
        {self && !ended && <CopyLink roomId={roomId} />}
        <ThemeToggle />
      </div>
    </header>
  );
}
