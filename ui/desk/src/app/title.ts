import { useEffect } from 'react';
import type { Page } from '../commands/command.ts';
import { useDesk, useOpenRow } from './desk.tsx';

const PAGES: Record<Page, string> = { inbox: 'Inbox', mentions: 'Mentions', search: 'Search', knowledge: 'Knowledge', charter: 'Charter', settings: 'Settings', me: 'You' };

/** Tabs and screen readers tell pages apart by it. */
export function useTitle(): void {
  const { me, place } = useDesk();
  const row = useOpenRow();
  const title = `${row?.contact.name ?? PAGES[place.page]} · ${me.company} desk`;
  useEffect(() => {
    document.title = title;
  }, [title]);
}
