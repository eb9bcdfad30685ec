/** Parts of the page that commands may reach: each part sets its own handle while it is on the page. */
import { cell } from '../data/cell.ts';

export type DialogName = 'palette' | 'shortcuts' | 'stop' | 'close' | 'hand-back' | 'fix-brief' | 'transfer';
export type Mode = 'reply' | 'note';

export interface ListHandle {
  move: (by: 1 | -1) => void;
}
export interface ComposerHandle {
  focus: (mode: Mode) => void;
  send: () => void;
}

export interface SearchHandle {
  focus: () => void;
}
export interface TagsHandle {
  open: () => void;
}

export const dialog = cell<DialogName | null>(null);
export const listHandle = cell<ListHandle | null>(null);
export const composerHandle = cell<ComposerHandle | null>(null);
export const searchHandle = cell<SearchHandle | null>(null);
export const tagsHandle = cell<TagsHandle | null>(null);

/** An entry that was found: the conversation shows it once it is open. */
export const foundEntry = cell<{ id: string; seq: number } | null>(null);

/** Moments of the last key in a field and of the pointer over the list: while one is fresh, nothing moves. */
export const lastTyped = cell(0);

/** Said once by a polite live region. */
export const announcement = cell('');
export const announce = (words: string) => announcement.set(words);

/** What just went wrong, in the server's words. */
export const trouble = cell<string | null>(null);

/** The conversation whose closing can still be undone. */
export const undoable = cell<string | null>(null);

/** On narrow screens the contact panel takes the conversation's place. */
export const panelShown = cell(false);
