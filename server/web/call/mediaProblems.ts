import type { Source } from './Source.ts';

export interface MediaProblem {
  title: string;
  /** What to do. */
  advice: string;
}

function named(sources: readonly Source[]): string {
  return sources.length > 1 ? 'camera and microphone' : (sources[0] ?? 'device');
}

/** What a failed `getUserMedia` means for a person, and what they can do. */
export function explainMediaError(error: unknown, sources: readonly Source[]): MediaProblem {
  const devices = named(sources);
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  switch (name) {
    case 'NotAllowedError':
      return {
        title: `This page may not use your ${devices}`,
        advice:
          'Allow it in the address bar of your browser (and in the system settings), then try again. You can also join with less.',
      };
    case 'NotFoundError':
    case 'OverconstrainedError':
      return {
        title: `No ${devices} found`,
        advice: 'Plug one in and try again, or join with what is there.',
      };
    case 'NotReadableError':
    case 'AbortError':
      return {
        title: `Your ${devices} cannot be started`,
        advice: 'Another program may be using it. Close that program and try again.',
      };
    case 'SecurityError':
      return {
        title: `Browsers give the ${devices} only to secure pages`,
        advice: 'Open this page over HTTPS or on localhost. Until then you can watch and listen.',
      };
    default:
      return { title: `Your ${devices} did not start`, advice: 'Try again, or join with less.' };
  }
}
