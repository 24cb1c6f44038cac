import { useEffect, useState } from 'preact/hooks';
import { registerIn } from '../api/http.ts';
import type { Source } from '../call/Source.ts';
import type { LocalMedia } from '../call/LocalMedia.ts';
import { RoomSession } from '../session/RoomSession.ts';
import { Banner } from '../ui/Banner.tsx';
import { Icon } from '../ui/Icon.tsx';
import { useStore } from '../ui/hooks.ts';
import { VideoView } from '../ui/MediaElements.tsx';
import { findElsewhere, pageElsewhere } from './elsewhere.ts';
import { PageFrame } from './PageFrame.tsx';
import { keepName, keptName } from './keptName.ts';

interface JoinPageProps {
  roomId: string;
  media: LocalMedia;
  serverProblem?: string;
  /** Whether the call may be at another server. */
  shared: boolean;
  onJoined: (session: RoomSession) => void;
}

type Way = 'both' | 'voice' | 'none';

const WAYS: Record<Way, { text: string; sources: readonly Source[] }> = {
  both: { text: 'Camera and microphone', sources: ['microphone', 'camera'] },
  voice: { text: 'Microphone only', sources: ['microphone'] },
  none: { text: 'Neither, for now', sources: [] },
};

/** Before a call: one's name, and with which devices one joins. */
export function JoinPage({ roomId, media, serverProblem, shared, onJoined }: JoinPageProps) {
  const [name, setName] = useState(keptName);
  const [way, setWay] = useState<Way>('both');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const { video, problem: device } = useStore(media.state);

  useEffect(() => {
    document.title = 'Join · Undertone';
  }, []);

  useEffect(() => {
    if (!shared) return;
    let gone = false;
    void findElsewhere(roomId, location.href).then((page) => {
      if (page !== undefined && !gone) location.replace(page);
    });
    return () => {
      gone = true;
    };
  }, [roomId, shared]);

  /** Opens what is wanted and closes what is not. */
  const prepare = async (wanted: Way) => {
    const { sources } = WAYS[wanted];
    const { audio, video: open } = media.state.value;
    if (open && !sources.includes('camera')) media.closeCamera();
    if (sources.length === 0) media.close();
    const missing = sources.filter((source) => (source === 'camera' ? !media.state.value.video : !audio));
    return media.open(missing);
  };

  const choose = (wanted: Way) => {
    setWay(wanted);
    media.dismissProblem();
    // A preview that is shown follows the choice.
    if (media.state.value.audio ?? media.state.value.video) void prepare(wanted);
  };

  const join = async (event: Event) => {
    event.preventDefault();
    const displayName = name.trim();
    if (displayName === '') {
      setProblem('Others need a name for you.');
      return;
    }
    setBusy(true);
    setProblem(undefined);
    try {
      if (!(await prepare(way))) return;
      const { token, participantId, notice, labels, url } = await registerIn(roomId, displayName);
      keepName(displayName);
      const page = pageElsewhere(url, roomId, location.href);
      if (page !== undefined) {
        // Opened there since this page was shown.
        location.replace(page);
        return;
      }
      const self = { participantId, displayName, notice };
      onJoined(new RoomSession({ roomId, token, self, labels, seesAll: notice.visibility === 'room', media }));
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <PageFrame>
      <main class="join">
        {serverProblem && <Banner tone="warning">{serverProblem}</Banner>}
        <div class="card join-card">
          <div class="preview">
            {video ? (
              <VideoView track={video} mirrored label="Your picture, as you see it in a mirror" />
            ) : (
              <div class="preview-empty">
                <Icon name="camera" struck={way !== 'both'} />
                {way === 'both' ? (
                  <button type="button" class="button button-small" onClick={() => void prepare('both')}>
                    Show my camera
                  </button>
                ) : (
                  <span>{way === 'voice' ? 'Heard, not seen' : 'Watching and listening'}</span>
                )}
              </div>
            )}
          </div>
          <form class="join-form" onSubmit={(event) => void join(event)} noValidate>
            <h1>Join the call</h1>
            <p class="room-name">
              Room <code>{roomId}</code>
            </p>
            <label class="field">
              <span>Your name</span>
              <input
                class="input"
                type="text"
                value={name}
                maxLength={64}
                autocomplete="nickname"
                autofocus
                aria-invalid={problem !== undefined}
                aria-describedby="join-problem"
                onInput={(event) => setName(event.currentTarget.value)}
                data-testid="join-name"
              />
            </label>
            <fieldset class="ways">
              <legend>Join with</legend>
              {(Object.keys(WAYS) as Way[]).map((key) => (
                <label key={key} class="way">
                  <input
                    type="radio"
                    name="way"
                    checked={way === key}
                    onChange={() => choose(key)}
                    data-testid={`way-${key}`}
                  />
                  <span>{WAYS[key].text}</span>
                </label>
              ))}
            </fieldset>
            {device && (
              <Banner tone="warning" testId="device-banner">
                <strong>{device.title}.</strong> {device.advice}
              </Banner>
            )}
            <p id="join-problem" class="field-problem" role="alert">
              {problem}
            </p>
            <button type="submit" class="button button-primary button-wide" disabled={busy} data-testid="join-button">
              {busy ? 'Joining…' : 'Join'}
            </button>
            <p class="join-note">
              <Icon name="shield" /> Joining allows no analysis. You are asked next, and no is as good as yes.
            </p>
          </form>
        </div>
      </main>
    </PageFrame>
  );
}
