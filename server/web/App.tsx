import { useStore } from './ui/hooks.ts';
import { currentPath } from './router.ts';
import { HomePage } from './pages/HomePage.tsx';
import { MessagePage } from './pages/MessagePage.tsx';
import { MeetingsPage } from './meetings/MeetingsPage.tsx';
import { MeetingPage } from './meetings/MeetingPage.tsx';
import { RoomPage } from './pages/RoomPage.tsx';
import { isRoomId } from './view/roomLink.ts';

export function App() {
  const path = useStore(currentPath);
  if (path === '/') return <HomePage />;
  if (path === '/meetings' || path === '/meetings/') return <MeetingsPage />;
  const meetingId = /^\/meetings\/([A-Za-z0-9_-]{1,128})\/?$/.exec(path)?.[1];
  if (meetingId !== undefined) return <MeetingPage key={meetingId} meetingId={meetingId} />;
  const roomId = /^\/r\/([^/]+)\/?$/.exec(path)?.[1];
  if (roomId !== undefined && isRoomId(roomId)) return <RoomPage key={roomId} roomId={roomId} />;
  return (
    <MessagePage title="There is nothing here">
      <p>Room names have 1 to 64 letters, digits, _ and -. Check the link, or start anew.</p>
    </MessagePage>
  );
}
