import { useEffect, useState } from 'preact/hooks';
import { fetchConfig } from '../api/http.ts';
import type { ServerConfig } from '../api/types.ts';

interface Loaded {
  config?: ServerConfig;
  /** Why it could not be had. */
  problem?: string;
}

/** What the server says about itself. */
export function useConfig(): Loaded {
  const [loaded, setLoaded] = useState<Loaded>({});
  useEffect(() => {
    let gone = false;
    fetchConfig().then(
      (config) => !gone && setLoaded({ config }),
      (error: Error) => !gone && setLoaded({ problem: error.message }),
    );
    return () => {
      gone = true;
    };
  }, []);
  return loaded;
}
