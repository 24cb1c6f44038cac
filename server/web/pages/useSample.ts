import { useState } from 'preact/hooks';
import { startSample } from '../api/http.ts';
import { navigate } from '../router.ts';
import { keepSampleToken } from '../session/sampleTokens.ts';

/** Starts a sample call and goes there. */
export function useSample(): { busy: boolean; problem?: string; watch: () => void } {
  const [state, setState] = useState<{ busy: boolean; problem?: string }>({ busy: false });
  const watch = () => {
    setState({ busy: true });
    startSample().then(
      ({ roomId, token }) => {
        keepSampleToken(roomId, token);
        navigate(`/r/${roomId}`);
      },
      (error: Error) => setState({ busy: false, problem: error.message }),
    );
  };
  return { ...state, watch };
}
