import type { RoomSession } from '../session/RoomSession.ts';
import { Banner } from './Banner.tsx';
import { useStore } from './hooks.ts';

function AnalysisBanner({ session }: { session: RoomSession }) {
  const { analysis } = useStore(session.emotion.state);
  switch (analysis.state) {
    case 'degraded':
      return analysis.reason?.startsWith('transcript:') ? (
        <Banner tone="warning" testId="analysis-banner">
          Words are not being written down at the moment. Voice and face are analysed as before.
        </Banner>
      ) : (
        <Banner tone="warning" testId="analysis-banner">
          Analysis is interrupted and will come back by itself. The call goes on.
        </Banner>
      );
    case 'paused':
      return (
        <Banner tone="note" icon="stop" testId="analysis-banner">
          Analysis is paused for this call.
        </Banner>
      );
    case 'stopped':
      return (
        <Banner tone="note" icon="stop" testId="analysis-banner">
          Analysis has stopped. The call goes on without it.
        </Banner>
      );
    default:
      return null;
  }
}

/** What everybody in the room should know about connection and analysis. */
export function RoomBanners({ session }: { session: RoomSession }) {
  const { status } = useStore(session.call.status);
  const { problem: device } = useStore(session.media.state);
  const problem = useStore(session.problem);
  return (
    <div class="banners">
      {status === 'reconnecting' && (
        <Banner tone="warning" testId="connection-banner">
          The connection is lost. Reconnecting…
        </Banner>
      )}
      {status === 'connecting' && (
        <Banner tone="note" icon="link" testId="connection-banner">
          Connecting…
        </Banner>
      )}
      {status === 'joined' && <AnalysisBanner session={session} />}
      {device && (
        <Banner tone="warning" onDismiss={() => session.media.dismissProblem()} testId="device-banner">
          <strong>{device.title}.</strong> {device.advice}
        </Banner>
      )}
      {problem && (
        <Banner tone="warning" onDismiss={() => session.problem.set(undefined)}>
          {problem}
        </Banner>
      )}
    </div>
  );
}
