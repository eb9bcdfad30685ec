import { useEffect, useState } from 'react';

interface ChatHost extends HTMLElement {
  open: (asksPerson?: boolean, takesFocus?: boolean) => Promise<void>;
}

const hostOf = () => document.querySelector<ChatHost>('bothands-chat');
const WAIT_MS = 150;
const WAITS_MAX = 40;

/** Which conversation the chat on this page is: the widget tells it when it knows. */
export function useOwnConversation(): string | null {
  const [id, setId] = useState<string | null>(() => hostOf()?.dataset.conversation ?? null);
  useEffect(() => {
    const onTold = (event: Event) => setId((event as CustomEvent<{ conversation_id: string }>).detail.conversation_id);
    document.addEventListener('bothands:conversation', onTold);
    return () => document.removeEventListener('bothands:conversation', onTold);
  }, []);
  return id;
}

/** Puts words into the chat's field; the visitor presses Send. */
export async function offerWords(text: string): Promise<void> {
  const host = hostOf();
  if (!host) return;
  await host.open(false, true);
  // The panel draws after it has been fetched: the words wait for it.
  setTimeout(() => dispatchEvent(new CustomEvent('bothands:say', { detail: { text } })), WAIT_MS);
}

/** The real widget, by its one script tag, inside the phone. */
export function useWidgetIn(selector: string): void {
  useEffect(() => {
    if (hostOf() || document.querySelector('script[src="/widget.js"]')) return;
    const script = document.createElement('script');
    script.src = '/widget.js';
    Object.assign(script.dataset, { inbox: 'shop', container: selector, greeting: 'off' });
    script.onload = () => void openSoon(0);
    document.body.append(script);
  }, [selector]);
}

async function openSoon(tries: number): Promise<void> {
  const host = hostOf();
  if (host) await host.open(false, false);
  else if (tries < WAITS_MAX) setTimeout(() => void openSoon(tries + 1), WAIT_MS);
}
