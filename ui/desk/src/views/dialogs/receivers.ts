import type { Receiver, Receivers } from '@bothands/protocol';

/** Who can be chosen: free people first, then teams, then whoever is full or away. */
export function choicesOf({ people, teams }: Receivers, words: string, without: string | null): Receiver[] {
  const wanted = words.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const fits = (one: Receiver) => {
    const text = [one.name, ...one.expertise].join(' ').toLocaleLowerCase();
    return one.id !== without && wanted.every((word) => text.includes(word));
  };
  return [...people.filter((one) => one.is_free), ...teams, ...people.filter((one) => !one.is_free)].filter(fits);
}

/** How much they have, in words. */
export function loadOf(one: Receiver): string {
  if (one.kind === 'team') return `${one.free} of ${one.members} free`;
  if (!one.is_available) return 'away';
  return `${one.held} of ${one.capacity} chats`;
}

/** What to know before choosing them; empty when there is nothing. */
export function warningOf(one: Receiver, isOffer: boolean): string {
  const first = one.name.split(' ')[0];
  if (one.kind === 'team') return one.free > 0 ? '' : `Nobody of ${one.name} is free now. It waits in line for them.`;
  const stays = isOffer ? ` It stays where it is until ${first} accepts.` : '';
  if (!one.is_available) return `${one.name} is away and may not see it in time.${stays}`;
  return one.is_free ? '' : `${one.name} has as many chats as they take.${stays}`;
}
