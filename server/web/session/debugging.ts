/** With `?debug` in the address the page shows what the windows do, and keeps its events for scripts. */
export const debugging = new URLSearchParams(location.search).has('debug');
