/** The chat itself, drawn into the launcher's shadow root or onto a page of its own. */
import { openChat, openShelf, type Chat, type Visit } from '@bothands/protocol';
import { render } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { dressWith, useLater } from './fetching.ts';
import css from './panel.css?inline';
import { Composer } from './parts/Composer.tsx';
import { Head, Strip } from './parts/Head.tsx';
import { Log } from './parts/Log.tsx';
import { Notices } from './parts/Notices.tsx';
import { RoomContext, type Room } from './room.ts';
import { say } from './say.ts';
import { learn } from './words/languages.ts';

export interface PanelOptions {
  inbox: string;
  base: string;
  language: string;
  mode: 'widget' | 'page';
  /** Comes before the one that is kept: the page has just told who the visitor is. */
  key?: string | null;
  onClosed?: () => void;
  onUnread?: (count: number) => void;
}

export interface OpenOptions {
  asksPerson?: boolean;
  takesFocus?: boolean;
}

export interface PanelRoom {
  open(options?: OpenOptions): void;
  close(): void;
  /** Come in with this key from now on; `isAnother`: as somebody else, with nothing of the one before. */
  become(key: string | null, isAnother: boolean): void;
}

export interface PanelModule {
  mount(root: ShadowRoot, room: HTMLElement, options: PanelOptions): Promise<PanelRoom>;
}

export async function mount(root: ShadowRoot, room: HTMLElement, options: PanelOptions): Promise<PanelRoom> {
  const wear = (text: string) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  };
  wear(css);
  dressWith(wear);
  const { language, dir } = await learn(options.language);
  room.lang = language;
  room.dir = dir;
  const shelf = openShelf(() => localStorage);
  const tabShelf = openShelf(() => sessionStorage);
  const name = `bothands:${options.inbox}:`;
  let chat: Chat | null = null;
  let isOpen = false;
  let seenSeq = Number(shelf.getItem(name + 'seen') ?? 0);
  let takesFocus = true;
  let people = 0;

  const connect = () => {
    if (chat) return chat;
    chat = openChat({ inbox: options.inbox, base: options.base, shelf, language, page: location.href, ...(options.key ? { key: options.key } : {}) });
    chat.subscribe(count);
    return chat;
  };

  function count(visit: Visit) {
    tellPage(root.host as HTMLElement, visit.conversationId);
    if (isOpen) {
      seenSeq = visit.seq;
      shelf.setItem(name + 'seen', String(seenSeq));
      options.onUnread?.(0);
      return;
    }
    const unread = visit.entries.filter((entry) => entry.kind === 'message' && entry.author_kind !== 'contact' && entry.seq > seenSeq);
    options.onUnread?.(unread.length);
  }

  function draw() {
    // Another person gets a panel of their own: nothing typed, chosen or half-sent by the one before is in it.
    const panel = isOpen && chat ? <Panel key={people} chat={chat} root={root} options={options} tabShelf={tabShelf} takesFocus={takesFocus} onClose={close} /> : null;
    render(panel, room);
  }

  function close() {
    if (!isOpen || options.mode === 'page') return;
    isOpen = false;
    draw();
    options.onClosed?.();
  }

  if (options.key || shelf.getItem(name + 'key')) connect();
  return {
    open({ asksPerson = false, takesFocus: takes = true } = {}) {
      const there = connect();
      isOpen = true;
      takesFocus = takes;
      draw();
      count(there.visit());
      if (asksPerson) there.askPerson();
    },
    close,
    become(key, isAnother) {
      if (isAnother) {
        people++;
        seenSeq = 0;
        delete (root.host as HTMLElement).dataset.conversation;
      }
      if (chat) chat.become(key, isAnother);
      else if (key) connect();
      draw();
    },
  };
}

/** A page beside the chat may follow it: the demo's desk finds the visitor's own conversation by this. */
function tellPage(host: HTMLElement, conversationId: string | null) {
  if (!conversationId || host.dataset.conversation === conversationId) return;
  host.dataset.conversation = conversationId;
  const detail = { conversation_id: conversationId };
  host.dispatchEvent(new CustomEvent('bothands:conversation', { bubbles: true, composed: true, detail }));
}

/** A page beside the chat may put words into the composer; the visitor sends them. */
function useOfferedWords(offer: (words: string) => void) {
  useEffect(() => {
    const onSay = (event: Event) => offer(String((event as CustomEvent<{ text?: string }>).detail?.text ?? ''));
    window.addEventListener('bothands:say', onSay);
    return () => window.removeEventListener('bothands:say', onSay);
  }, []);
}

interface PanelProps {
  chat: Chat;
  root: ShadowRoot;
  options: PanelOptions;
  tabShelf: Pick<Storage, 'getItem' | 'setItem'>;
  takesFocus: boolean;
  onClose: () => void;
}

function Panel({ chat, root, options, tabShelf, takesFocus, onClose }: PanelProps) {
  const [visit, setVisit] = useState(chat.visit());
  const draftName = `bothands:${options.inbox}:draft`;
  const [text, setText] = useState(tabShelf.getItem(draftName) ?? '');
  const [asksNew, setAsksNew] = useState(false);
  const box = useRef<HTMLElement | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    setVisit(chat.visit());
    return chat.subscribe(setVisit);
  }, []);
  useLayoutEffect(() => {
    if (takesFocus) field.current?.focus();
  }, []);
  useKeptFocus(root, box, field);

  const isPage = options.mode === 'page';
  const focusComposer = () => field.current?.focus();
  const room = useMemo<Room>(
    () => ({ chat, visit, company: visit.company, base: options.base, inbox: options.inbox, isPage, focusComposer }),
    [visit],
  );
  const isClosed = Boolean(visit.state?.closed);
  useEffect(() => {
    if (!isClosed) setAsksNew(false);
    else if (asksNew) focusComposer();
  }, [isClosed, asksNew]);
  const queue = visit.state?.queue ?? null;
  const later = useLater();
  const tail = !later ? 'none' : isClosed ? 'closing' : queue ? 'waiting' : 'none';
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.isComposing || isPage) return;
    event.stopPropagation();
    onClose();
  };
  const keepText = (next: string) => {
    setText(next);
    tabShelf.setItem(draftName, next);
  };
  useOfferedWords((words) => {
    keepText(words);
    focusComposer();
  });
  const Box = (isPage ? 'main' : 'section') as 'section';
  return (
    <RoomContext.Provider value={room}>
      <Box
        class={`p ${options.mode}`}
        ref={box}
        role={isPage ? undefined : 'dialog'}
        aria-label={visit.company ? say('chat_with', { company: visit.company }) : say('chat')}
        onKeyDown={onKeyDown}
      >
        <Head onClose={onClose} />
        <Strip />
        <Log tail={tail}>
          {later && isClosed && <later.Closing onNew={() => setAsksNew(true)} />}
          {later && !isClosed && queue && <later.Waiting queue={queue} />}
        </Log>
        {!isClosed || asksNew ? (
          <Composer field={field} text={text} setText={keepText} />
        ) : (
          <div class="say bare" data-area="say">
            <Notices wrong="" onEdit={(one) => (chat.takeBack(one.client_id), keepText(one.text), setAsksNew(true))} onDismiss={chat.dismiss} />
          </div>
        )}
      </Box>
    </RoomContext.Provider>
  );
}

/** When the focused element goes away, focus stays in its neighbourhood instead of falling to the page. */
function useKeptFocus(root: ShadowRoot, box: { current: HTMLElement | null }, field: { current: HTMLElement | null }) {
  useEffect(() => {
    const panel = box.current!;
    let last: { element: HTMLElement; area: string } | null = null;
    const onFocusIn = (event: FocusEvent) => {
      const element = event.target as HTMLElement;
      last = { element, area: element.closest<HTMLElement>('[data-area]')?.dataset.area ?? '' };
    };
    const observer = new MutationObserver(() => {
      if (!last || last.element.isConnected || root.activeElement) return;
      const near = panel.querySelector<HTMLElement>(`[data-area="${last.area}"]`);
      const next = near?.matches('button') ? near : near?.querySelector<HTMLElement>('button, input, textarea');
      (next ?? field.current ?? panel.querySelector<HTMLElement>('[data-tail]') ?? panel.querySelector<HTMLElement>('.tl'))?.focus({ preventScroll: true });
    });
    panel.addEventListener('focusin', onFocusIn);
    observer.observe(panel, { childList: true, subtree: true });
    return () => {
      panel.removeEventListener('focusin', onFocusIn);
      observer.disconnect();
    };
  }, []);
}
