import type { Me, Row, Stop } from '@bothands/protocol';
import type { Place } from '../app/desk.tsx';
import type { Actions } from '../data/actions.ts';

export type Page = 'inbox' | 'mentions' | 'search' | 'knowledge' | 'charter' | 'settings' | 'me';

export interface Scene {
  me: Me;
  place: Place;
  actions: Actions;
  isReduced: boolean;
  row: Row | null;
  stops: Stop[];
}

/** One thing an agent can do. Buttons, keys and the palette all read this. */
export interface Command {
  id: string;
  label: string;
  group: 'Conversation' | 'Inbox' | 'Assistant' | 'Go to' | 'Desk';
  /** A default; every one can be changed or switched off (WCAG 2.1.4). */
  shortcut: string | null;
  when: (scene: Scene) => boolean;
  run: (scene: Scene) => void | Promise<void>;
}

/** The server decides; this only keeps buttons away that it would refuse. */
export const may = (me: Pick<Me, 'permissions'>, permission: string) => me.permissions.includes(permission);
