import { Store } from '../../client/Store.ts';

const path = new Store(location.pathname);
addEventListener('popstate', () => path.set(location.pathname));

/** The address that is shown. */
export const currentPath = path;

/** Goes to another address of this page; the query, e.g. `?debug`, stays. */
export function navigate(to: string): void {
  history.pushState(null, '', to + location.search);
  path.set(to);
  scrollTo(0, 0);
}
