import { useEffect } from 'preact/hooks';

/** Paper is white: while the page is printed it has its light theme. */
export function useLightOnPaper(): void {
  useEffect(() => {
    const { dataset } = document.documentElement;
    let chosen: string | undefined;
    const before = () => {
      chosen = dataset['theme'];
      dataset['theme'] = 'light';
    };
    const after = () => {
      if (chosen === undefined) delete dataset['theme'];
      else dataset['theme'] = chosen;
    };
    // Before and after all that draws.
    addEventListener('beforeprint', before, { capture: true });
    addEventListener('afterprint', after, { capture: true });
    return () => {
      removeEventListener('beforeprint', before, { capture: true });
      removeEventListener('afterprint', after, { capture: true });
    };
  }, []);
}
