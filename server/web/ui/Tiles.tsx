import { useRef } from 'preact/hooks';
import { debugging } from '../session/debugging.ts';
import type { RoomSession } from '../session/RoomSession.ts';
import { useStore } from './hooks.ts';
import { Tile } from './Tile.tsx';

interface TilesProps {
  session: RoomSession;
  colors: ReadonlyMap<string, number>;
}

/** Everybody in the call, oneself first. */
export function Tiles({ session, colors }: TilesProps) {
  const { self, seesAll, emotion, call, media } = session;
  const members = useStore(call.members.list);
  const { participants } = useStore(emotion.state);
  const local = useStore(media.state);
  const { status } = useStore(call.status);
  const since = useRef<number | undefined>(undefined);
  if (since.current === undefined && emotion.clock.known) since.current = emotion.clock.nowMs;
  // Once the call is over its last minutes stand still.
  const ended = useRef<number | undefined>(undefined);
  if (status === 'ended') ended.current ??= emotion.clock.nowMs;
  const now = () => ended.current ?? emotion.clock.nowMs;
  const readTrace = debugging ? (participantId: string) => emotion.readTrace(participantId) : undefined;
  const shared = { colors, ended: status === 'ended', sinceMs: since.current ?? emotion.clock.nowMs, now, readTrace };
  return (
    <section class="tiles" aria-label="Participants">
      {self && (
        <Tile
          {...shared}
          participantId={self.participantId}
          displayName={self.displayName}
          isSelf
          sample={false}
          muted={local.microphone !== 'on'}
          video={local.video}
          emotion={participants[self.participantId]}
          visible
        />
      )}
      {members.map(({ participantId, displayName, sample, audio, audioPaused, video, videoPaused }) => (
        <Tile
          {...shared}
          key={participantId}
          participantId={participantId}
          displayName={displayName}
          isSelf={false}
          sample={sample}
          muted={!audio || audioPaused}
          video={videoPaused ? undefined : video}
          emotion={participants[participantId]}
          visible={seesAll}
        />
      ))}
      {members.length === 0 && status === 'joined' && (
        <p class="alone" data-testid="alone">
          Nobody else is here yet. Send the link with “Invite”, or open it in a second tab.
        </p>
      )}
    </section>
  );
}
