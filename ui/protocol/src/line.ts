/** One socket that comes back by itself. It knows frames and silence, nothing of conversations. */

export type Link = 'connecting' | 'online' | 'offline';

export const RETRY_FIRST_MS = 500;
export const RETRY_LONGEST_MS = 20_000;
export const PING_EVERY_MS = 25_000;
export const PONG_WITHIN_MS = 10_000;
/** A line that opens and drops at once has not earned a fresh start of the backoff. */
export const STEADY_AFTER_MS = 5_000;

export interface LineOptions<In> {
  url: () => string;
  /** Called on every opening, before anything else may be sent: the place for a greeting. */
  onOpen?: () => void;
  onFrame: (frame: In) => void;
  onLink?: (link: Link) => void;
  makeSocket?: (url: string) => WebSocket;
  random?: () => number;
}

export interface Line<Out> {
  /** False when the frame could not be sent now; nothing is kept here. */
  send(frame: Out): boolean;
  /** Try at once instead of waiting for the next attempt. */
  wake(): void;
  /** Drop the socket and open a new one. */
  restart(): void;
  close(): void;
}

/** Delay before attempt n (from 0): doubling, capped, with half of it left to chance. */
export function retryDelay(attempt: number, random: number): number {
  const ceiling = Math.min(RETRY_LONGEST_MS, RETRY_FIRST_MS * 2 ** Math.min(attempt, 12));
  return ceiling / 2 + (ceiling / 2) * random;
}

export function openLine<Out extends object, In>(options: LineOptions<In>): Line<Out> {
  const { makeSocket = (url: string) => new WebSocket(url), random = Math.random } = options;
  let socket: WebSocket | null = null;
  let attempt = 0;
  let link: Link | null = null;
  let isClosed = false;
  let retryTimer = 0;
  let pingTimer = 0;
  let pongTimer = 0;
  let steadyTimer = 0;

  const later = (fn: () => void, ms: number) => setTimeout(fn, ms) as unknown as number;
  const show = (next: Link) => {
    if (next !== link) options.onLink?.((link = next));
  };
  const stopTimers = () => [retryTimer, pingTimer, pongTimer, steadyTimer].forEach((timer) => clearTimeout(timer));

  function heard() {
    clearTimeout(pongTimer);
    clearTimeout(pingTimer);
    pingTimer = later(() => {
      send({ do: 'ping' } as unknown as Out);
      pongTimer = later(lost, PONG_WITHIN_MS);
    }, PING_EVERY_MS);
  }

  function lost() {
    stopTimers();
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
      socket.close();
      socket = null;
    }
    if (isClosed) return;
    show('offline');
    retryTimer = later(connect, retryDelay(attempt++, random()));
  }

  function connect() {
    if (isClosed || socket) return;
    clearTimeout(retryTimer);
    if (link === null) show('connecting');
    try {
      socket = makeSocket(options.url());
    } catch {
      lost();
      return;
    }
    socket.onopen = () => {
      steadyTimer = later(() => (attempt = 0), STEADY_AFTER_MS);
      heard();
      options.onOpen?.();
      show('online');
    };
    socket.onmessage = (message) => {
      heard();
      const frame = parsed(message.data);
      if (frame) options.onFrame(frame as In);
    };
    socket.onclose = socket.onerror = lost;
  }

  function send(frame: Out): boolean {
    if (socket?.readyState !== 1) return false;
    socket.send(JSON.stringify(frame));
    return true;
  }

  function wake() {
    if (!socket) connect();
  }

  const goesOffline = () => lost();
  const becomesVisible = () => {
    if (document.visibilityState === 'visible') wake();
  };
  if (typeof window !== 'undefined') {
    window.addEventListener('online', wake);
    window.addEventListener('offline', goesOffline);
    document.addEventListener('visibilitychange', becomesVisible);
  }
  connect();

  return {
    send,
    wake,
    restart() {
      attempt = 0;
      lost();
      clearTimeout(retryTimer);
      connect();
    },
    close() {
      isClosed = true;
      lost();
      if (typeof window !== 'undefined') {
        window.removeEventListener('online', wake);
        window.removeEventListener('offline', goesOffline);
        document.removeEventListener('visibilitychange', becomesVisible);
      }
    },
  };
}

function parsed(data: unknown): unknown {
  try {
    const frame: unknown = JSON.parse(String(data));
    return frame && typeof frame === 'object' ? frame : null;
  } catch {
    return null;
  }
}
