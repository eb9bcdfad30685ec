/** What every part of the panel may reach: the chat, what it knows, and the place it is drawn in. */
import type { Chat, Visit } from '@bothands/protocol';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

export interface Room {
  chat: Chat;
  visit: Visit;
  /** The company's name, or an empty text before the first welcome. */
  company: string;
  base: string;
  inbox: string;
  isPage: boolean;
  focusComposer: () => void;
}

export const RoomContext = createContext<Room>(null as unknown as Room);
export const useRoom = () => useContext(RoomContext);

export const firstName = (name: string) => name.trim().split(/\s+/)[0] ?? name;

export function initialsOf(name: string): string {
  const parts = name.trim().split(/\s+/).filter(Boolean);
  const ends = parts.length > 1 ? [parts[0]!, parts.at(-1)!] : parts;
  return ends.map((part) => [...part][0]!.toUpperCase()).join('');
}
