import { Store } from '../../client/Store.ts';

const path = new Store(location.pathname);
const query = new Store(location.search);
addEventListener('popstate', () => {
  query.set(location.search);
  path.set(location.pathname);
});

/** The address that is shown. */
export const currentPath = path;
/** Its query, as it was when one came here. */
export const currentQuery = query;

/** What of a query belongs to the whole page and not to one address of it. */
const LASTING = 'debug';

/** Goes to another address of this page, with a query of its own where it has one; of the query before, `?debug` stays. */
export function navigate(to: string): void {
  const next = new URL(to, location.origin);
  const lasting = new URLSearchParams(location.search).get(LASTING);
  if (lasting !== null) next.searchParams.set(LASTING, lasting);
  history.pushState(null, '', next.pathname + next.search);
  query.set(next.search);
  path.set(next.pathname);
  scrollTo(0, 0);
}

/** For a click on a link to an address of this page: goes there, unless it is to be opened elsewhere. */
export function follow(event: MouseEvent): void {
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const { pathname, search } = event.currentTarget as HTMLAnchorElement;
  navigate(pathname + search);
}
