import { useMemo, useState } from 'preact/hooks';
import type { ServerConfig } from '../api/types.ts';
import { navigate } from '../router.ts';
import type { RoomSession } from '../session/RoomSession.ts';
import { Announcer } from '../ui/Announcer.tsx';
import { CaptionBar } from '../ui/CaptionBar.tsx';
import { ConsentDialog } from '../ui/ConsentDialog.tsx';
import { Controls } from '../ui/Controls.tsx';
import { useStore } from '../ui/hooks.ts';
import { LabelsDialog } from '../ui/LabelsDialog.tsx';
import { RoomBanners } from '../ui/RoomBanners.tsx';
import { RoomHeader } from '../ui/RoomHeader.tsx';
import { SelfIndicator } from '../ui/SelfIndicator.tsx';
import { Sound } from '../ui/Sound.tsx';
import { Tiles } from '../ui/Tiles.tsx';
import { TranscriptPanel } from '../ui/TranscriptPanel.tsx';
import { labelColors } from '../view/labelColors.ts';
import { EndedNote } from './EndedNote.tsx';
import { MissedCall } from './MissedCall.tsx';

interface CallPageProps {
  session: RoomSession;
  /** Missing while it loads. */
  config?: ServerConfig;
  /** Back to the door of the same room. */
  onRejoin: () => void;
}

/** The call: tiles, transcript, and what one decides about oneself. */
export function CallPage({ session, config, onRejoin }: CallPageProps) {
  const { self, emotion, call } = session;
  const { status, reason } = useStore(call.status);
  const { lines } = useStore(emotion.state);
  const labels = useStore(emotion.labels);
  // Who joins is asked at once; a viewer is not analysed and has nothing to decide.
  const [dialog, setDialog] = useState<'joining' | 'changing' | 'labels' | undefined>(self ? 'joining' : undefined);
  const colors = useMemo(() => labelColors(labels.labels), [labels.labels.join('\n')]);
  const nameOf = (participantId: string) =>
    participantId === self?.participantId ? self.displayName : (call.members.names.get(participantId) ?? 'Somebody');
  const ended = status === 'ended';
  const close = () => setDialog(undefined);
  const lapsed = useStore(session.lapsed);
  const occasion = lapsed ? 'returning' : dialog === 'labels' ? undefined : dialog;

  // A sample call that is over before it was seen has nothing to show.
  if (ended && !self && lines.length === 0) return <MissedCall reason={reason} />;

  return (
    <div class={`room ${ended ? 'room-ended' : ''}`}>
      <RoomHeader
        session={session}
        labels={labels}
        canChooseLabels={session.seesAll && !ended}
        ended={ended}
        onLabels={() => setDialog('labels')}
      />
      <RoomBanners session={session} />
      {ended && <EndedNote session={session} reason={reason} onRejoin={onRejoin} />}
      <main class="room-main">
        <Tiles session={session} colors={colors} />
        <TranscriptPanel
          lines={lines}
          nameOf={nameOf}
          colors={colors}
          wordsIncluded={config?.transcript?.included ?? true}
        >
          {!ended && <Captions session={session} />}
        </TranscriptPanel>
      </main>
      {!ended && (
        <footer class="room-foot">
          {self ? (
            <SelfIndicator session={session} onOpenConsent={() => setDialog('changing')} />
          ) : (
            <p class="viewer-note">You are watching. Nothing of you is sent or analysed.</p>
          )}
          <Controls
            session={session}
            onLeave={() => {
              session.leave();
              navigate('/');
            }}
          />
        </footer>
      )}
      <Sound session={session} />
      <Announcer session={session} nameOf={nameOf} />
      {self && !ended && status === 'joined' && occasion && (
        <ConsentDialog
          notice={self.notice}
          consent={session.consent}
          key={occasion}
          occasion={occasion}
          onDecide={(consent) => session.setConsent(consent)}
          onClose={() => {
            if (lapsed) session.forgetAllowed();
            close();
          }}
        />
      )}
      {dialog === 'labels' && !occasion && !ended && (
        <LabelsDialog
          shipped={config?.labelSets ?? []}
          current={labels}
          onChoose={(chosen, kind) => emotion.setLabels(chosen, kind)}
          onClose={close}
        />
      )}
    </div>
  );
}

/** Words may be given only where they may be analysed. */
function Captions({ session }: { session: RoomSession }) {
  useStore(session.emotion.state);
  return session.consent.text ? <CaptionBar session={session} /> : null;
}
