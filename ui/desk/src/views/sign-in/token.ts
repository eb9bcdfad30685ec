/** The token, after # or ?token=, leaves the address bar before anything else happens: no history, no referrer has it. */
export function takeToken(): string | null {
  const address = new URL(location.href);
  const token = address.searchParams.get('token') || address.hash.slice(1).replace(/^token=/, '') || null;
  if (token) {
    address.searchParams.delete('token');
    address.hash = '';
    history.replaceState(history.state, '', address);
  }
  return token;
}
