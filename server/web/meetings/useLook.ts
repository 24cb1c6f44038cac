import { useEffect, useMemo, useState } from 'preact/hooks';
import { useStore } from '../ui/hooks.ts';
import { theme } from '../ui/theme.ts';
import { laneLook, type LaneLook } from './LaneLook.ts';

/** The look of lanes in the theme and at the resolution that the page is shown with. */
export function useLook(colors: ReadonlyMap<string, number>): LaneLook {
  const shown = useStore(theme);
  const [ratio, setRatio] = useState(devicePixelRatio);
  useEffect(() => {
    const query = matchMedia(`(resolution: ${ratio}dppx)`);
    const changed = () => setRatio(devicePixelRatio);
    query.addEventListener('change', changed);
    return () => query.removeEventListener('change', changed);
  }, [ratio]);
  return useMemo(() => laneLook(colors), [colors, shown, ratio]);
}
