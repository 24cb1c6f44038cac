import { useEffect, useMemo, useState } from 'preact/hooks';
import { LocalMedia } from '../call/LocalMedia.ts';
import { RoomSession } from '../session/RoomSession.ts';
import { sampleToken } from '../session/sampleTokens.ts';
import { CallPage } from './CallPage.tsx';
import { JoinPage } from './JoinPage.tsx';
import { useConfig } from './useConfig.ts';

/** A room: first the door, then the call. Whoever comes with a sample's token watches at once. */
export function RoomPage({ roomId }: { roomId: string }) {
  const { config, problem } = useConfig();
  const media = useMemo(() => new LocalMedia(), []);
  const [session, setSession] = useState<RoomSession>();

  useEffect(() => {
    const token = sampleToken(roomId);
    if (token === undefined) return;
    setSession(new RoomSession({ roomId, token, labels: { labels: [] }, seesAll: true, media }));
  }, [roomId]);

  useEffect(() => {
    document.title = session?.self ? `${roomId} · Undertone` : 'Undertone';
    return () => session?.leave();
  }, [session]);

  useEffect(() => () => media.close(), []);

  if (session) return <CallPage session={session} config={config} onRejoin={() => setSession(undefined)} />;
  if (sampleToken(roomId) !== undefined) return null;
  const shared = config?.shared ?? false;
  return <JoinPage roomId={roomId} media={media} serverProblem={problem} shared={shared} onJoined={setSession} />;
}
