/** The client's own id of what it sends: the server stores it once, however often it arrives. */
export function newClientId(): string {
  return `c-${crypto.randomUUID()}`;
}
