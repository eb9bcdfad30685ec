import type { DeskView, Me, Row, Stop } from '@bothands/protocol';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, use, useMemo, type ReactNode } from 'react';
import type { Page, Scene } from '../commands/command.ts';
import { actionsOn, type Actions } from '../data/actions.ts';
import type { Live } from '../data/live.ts';
import { conversationQuery, stopsQuery } from '../data/queries.ts';

/** Where the agent is. The desk keeps it in the address, the demo page in memory. */
export interface Place {
  page: Page;
  view: DeskView;
  conversationId: string | null;
  hrefOf: (view: DeskView, conversationId: string | null) => string;
  open: (view: DeskView, conversationId: string | null) => void;
  go: (page: Page) => void;
  /** Opens the search with these words; the demo page has none. */
  find?: (words: string) => void;
}

export interface Desk {
  me: Me;
  place: Place;
  actions: Actions;
  live: Live;
  isReduced: boolean;
  /** The visitor's own conversation on the demo page, where one person is on both sides. */
  ownId: string | null;
}

const DeskContext = createContext<Desk | null>(null);

interface DeskProps {
  me: Me;
  place: Place;
  live: Live;
  isReduced?: boolean;
  ownId?: string | null;
  children: ReactNode;
}

export function DeskProvider({ me, place, live, isReduced = false, ownId = null, children }: DeskProps) {
  const client = useQueryClient();
  const actions = useMemo(() => actionsOn(client), [client]);
  const desk = useMemo(() => ({ me, place, live, actions, isReduced, ownId }), [me, place, live, actions, isReduced, ownId]);
  return <DeskContext value={desk}>{children}</DeskContext>;
}

export function useDesk(): Desk {
  const desk = use(DeskContext);
  if (!desk) throw new Error('The desk is not here: put this part inside DeskProvider.');
  return desk;
}

export function useStops(): Stop[] {
  return useQuery(stopsQuery).data ?? [];
}

export function useOpenRow(): Row | null {
  const { place } = useDesk();
  const id = place.conversationId;
  return useQuery({ ...conversationQuery(id ?? ''), enabled: id !== null }).data?.row ?? null;
}

/** What a command may look at and act on. */
export function useScene(): Scene {
  const { me, place, actions, isReduced } = useDesk();
  const row = useOpenRow();
  const stops = useStops();
  return useMemo(
    () => ({ me, place, actions, isReduced, row, stops }),
    [me, place, actions, isReduced, row, stops],
  );
}
