/**
 * Who the visitor is. A token that the company's own server signed is exchanged for a key, at once, because it is
 * short-lived. When in doubt nothing is kept: whoever comes to this browser next must not see what is another's.
 */

export interface Knowing {
  /** Whether the token was taken. */
  identify(token: string): Promise<boolean>;
  /** This browser is nobody's from now on. */
  forget(): Promise<void>;
  /** The page says that nobody is signed in; an unknown visitor stays who they are. */
  leave(): Promise<void>;
}

export interface KnowingOptions {
  inbox: string;
  base: string;
  /** The key to come in with from now on; `isAnother`: nothing of the one before may be seen or sent. */
  onKey: (key: string | null, isAnother: boolean) => void;
}

export function openKnowing({ inbox, base, onKey }: KnowingOptions): Knowing {
  const name = `bothands:${inbox}:`;
  const address = new URL(`/api/v1/chat/${encodeURIComponent(inbox)}/identify`, base).href;
  const kept = (key: string) => onShelf(() => localStorage.getItem(name + key)) || '';

  function send(method: string, more: RequestInit): Promise<Response> {
    const headers = { 'x-visitor-key': kept('key'), ...(more.body ? { 'content-type': 'application/json' } : {}) };
    return fetch(address, { method, headers, keepalive: true, ...more });
  }

  /** The key first: other tabs begin afresh when they see it go. */
  function wipe() {
    onShelf(() => localStorage.removeItem(name + 'key'));
    for (const pick of [() => localStorage, () => sessionStorage])
      onShelf(() => {
        const shelf = pick();
        for (const key of Object.keys(shelf)) if (key.startsWith(name)) shelf.removeItem(key);
      });
  }

  async function forget() {
    const gone = kept('key') ? send('DELETE', {}) : null;
    wipe();
    onKey(null, true);
    await gone?.catch(() => undefined);
  }

  return {
    forget,
    leave: () => (kept('who') ? forget() : Promise.resolve()),
    async identify(token) {
      const who = customerIn(token);
      const isAnother = kept('who') !== '' && kept('who') !== who;
      const answer = await send('POST', { body: JSON.stringify({ token, language: navigator.language }) }).catch(() => null);
      const told = (await answer?.json().catch(() => null)) as { key?: string; detail?: string } | null;
      if (answer?.ok && told?.key) {
        if (isAnother) wipe();
        onShelf(() => localStorage.setItem(name + 'key', told.key!));
        onShelf(() => localStorage.setItem(name + 'who', who));
        onKey(told.key, isAnother);
        return true;
      }
      console.warn(`Bothands: ${told?.detail ?? 'The signed token could not be handed over.'}`);
      if (isAnother) await forget();
      return false;
    },
  };
}

/** Storage may be forbidden; what cannot be kept is not. */
function onShelf<T>(act: () => T): T | null {
  try {
    return act();
  } catch {
    return null;
  }
}

/** Whom the token speaks of, unchecked: only to see whether it is somebody else than before. */
function customerIn(token: string): string {
  try {
    const bytes = Uint8Array.from(atob(token.split('.')[1]!.replace(/-/g, '+').replace(/_/g, '/')), (sign) => sign.charCodeAt(0));
    return String((JSON.parse(new TextDecoder().decode(bytes)) as { sub?: unknown }).sub ?? '?');
  } catch {
    return '?';
  }
}
