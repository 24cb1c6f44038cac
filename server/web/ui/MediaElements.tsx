import { useEffect, useRef } from 'preact/hooks';

interface VideoViewProps {
  track: MediaStreamTrack;
  /** As in a mirror: one's own picture. */
  mirrored?: boolean;
  label: string;
}

export function VideoView({ track, mirrored = false, label }: VideoViewProps) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    element.srcObject = new MediaStream([track]);
    // Muted video always may play; it fails only when the element goes away first.
    element.play().catch(() => undefined);
    return () => {
      element.srcObject = null;
    };
  }, [track]);
  return (
    <video
      ref={video}
      class={mirrored ? 'video video-mirrored' : 'video'}
      muted
      playsInline
      autoPlay
      aria-label={label}
    />
  );
}

interface AudioOutProps {
  track: MediaStreamTrack;
  /** Changes when sound may be tried again. */
  attempt: number;
  /** The browser wants a click before it plays sound. */
  onBlocked: () => void;
}

export function AudioOut({ track, attempt, onBlocked }: AudioOutProps) {
  const audio = useRef<HTMLAudioElement>(null);
  useEffect(() => {
    const element = audio.current;
    if (!element) return;
    element.srcObject = new MediaStream([track]);
    return () => {
      element.srcObject = null;
    };
  }, [track]);
  useEffect(() => {
    audio.current?.play().catch((error: unknown) => {
      if (error instanceof DOMException && error.name === 'NotAllowedError') onBlocked();
    });
  }, [track, attempt]);
  return <audio ref={audio} autoPlay />;
}
