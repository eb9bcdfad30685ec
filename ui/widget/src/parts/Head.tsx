/** Who answers, and below it the way to a person, which stays until one has joined. */
import type { State, WaitRange } from '@bothands/protocol';
import { useEffect, useRef, useState } from 'preact/hooks';
import { fetchLater } from '../fetching.ts';
import { firstName, useRoom } from '../room.ts';
import { say, sayDay, sayReturn, sayTime } from '../say.ts';
import { Face, Icon } from './icons.tsx';

const DAY_MS = 86_400_000;

function whoAnswers(state: State | null, assistant: { name: string; disclosure: string } | null, company: string, authors: string[]) {
  const name = assistant?.name || say('assistant');
  if (state?.closed) {
    const { by, at } = state.closed;
    const title = by ? say('closed_by', { name: firstName(by), time: sayTime(at) }) : say('closed', { time: sayTime(at) });
    const [first = name, second] = authors;
    return { kind: 'closed', face: '✓', title, more: second ? say('ai_then', { first, second }) : first };
  }
  if (state?.holder.kind === 'agent') {
    const { holder } = state;
    return { kind: 'agent', face: holder.initials, title: holder.name, more: say('person_at', { company }) };
  }
  // The disclosure may begin with the name, which stands right above it.
  const given = assistant?.disclosure || say('disclosure');
  const disclosure = given.startsWith(`${name}. `) ? given.slice(name.length + 2) : given;
  const more = state?.holder.kind === 'queue' ? say('helps_until') : disclosure;
  return { kind: 'assistant', face: 'AI', title: name, more };
}

export function Head({ onClose }: { onClose: () => void }) {
  const { visit, company, isPage } = useRoom();
  const authors = [...new Set(visit.entries.filter((e) => e.kind === 'message' && e.author_kind !== 'contact').map((e) => e.author_name || say('assistant')))];
  const who = whoAnswers(visit.state, visit.assistant, company, authors);
  const Title = isPage ? 'h1' : 'h2';
  return (
    <div class={`who ${who.kind === 'agent' ? 'h' : ''}`} data-area="head">
      <Face kind={who.kind} initials={who.face} />
      <div>
        <Title>{who.title}</Title>
        <small>{who.more}</small>
      </div>
      <Menu />
      {!isPage && (
        <button type="button" class="ib" aria-label={say('minimise')} onClick={onClose}>
          <Icon name="down" />
        </button>
      )}
    </div>
  );
}

function Menu() {
  const { visit, inbox, base, isPage } = useRoom();
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  useEffect(() => {
    if (!isOpen) return;
    const away = (event: Event) => {
      const path = event.composedPath();
      if (!path.includes(menu.current!) && !path.includes(button.current!)) setOpen(false);
    };
    document.addEventListener('pointerdown', away);
    return () => document.removeEventListener('pointerdown', away);
  }, [isOpen]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !isOpen) return;
    event.stopPropagation();
    close();
  };
  return (
    <>
      <button type="button" class="ib" ref={button} aria-label={say('options')} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)} onKeyDown={onKeyDown}>
        <Icon name="dots" />
      </button>
      {isOpen && (
        <div class="menu" ref={menu} onKeyDown={onKeyDown}>
          <button type="button" onClick={() => (void fetchLater().then((later) => later.downloadTranscript(visit)), close())}>
            {say('download_transcript')}
          </button>
          {!isPage && (
            <a href={new URL(`/c/${encodeURIComponent(inbox)}`, base).href} target="_blank" rel="noopener" onClick={close}>
              {say('open_page')}
            </a>
          )}
        </div>
      )}
    </>
  );
}

export function sayWait(wait: WaitRange): string {
  const { low_minutes: low, high_minutes: high } = wait;
  return low === high ? say('wait_one', { low }) : say('wait_range', { low, high });
}

function whenPeople(state: State | null): string {
  if (!state) return '';
  const { people } = state;
  if (people.on_duty) return people.wait ? sayWait(people.wait) : people.open_until ? say('until', { time: people.open_until }) : '';
  return people.next_open_at ? say('back_at', { time: sayReturn(people.next_open_at) }) : say('nobody_now');
}

export function Strip() {
  const { visit, chat } = useRoom();
  const { state } = visit;
  const asking = visit.outgoing.find((one) => one.kind === 'ask_person' && !one.problem);
  if (state?.closed) return <Reopen />;
  if (state?.holder.kind === 'agent') {
    return (
      <div class="slot read" data-area="strip">
        {say('has_read', { name: firstName(state.holder.name) })}
      </div>
    );
  }
  if (state?.queue || asking) {
    const queued = state?.queue ? '✓ ' + say('asked_at', { time: sayTime(state.queue.asked_at) }) : say('asking');
    const cancel = () => {
      if (asking) chat.takeBack(asking.client_id);
      chat.act({ do: 'cancel_person' });
    };
    return (
      <div class="slot" data-area="strip">
        <Icon name="person" />
        <span>
          {say('talk')}
          <small>{visit.link === 'online' ? queued : state?.queue ? queued : say('will_ask')}</small>
        </span>
        <button type="button" class="b" onClick={cancel}>
          {say('cancel')}
        </button>
      </div>
    );
  }
  return (
    <button type="button" class="slot" data-area="strip" onClick={() => chat.askPerson()}>
      <Icon name="person" />
      <span>{say('talk')}</span>
      <em>{whenPeople(state)}</em>
    </button>
  );
}

function Reopen() {
  const { visit, chat } = useRoom();
  const until = visit.state?.closed?.may_reopen_until;
  const left = until ? Date.parse(until) - Date.now() : 0;
  if (!until || left <= 0) return null;
  const days = Math.floor(left / DAY_MS);
  return (
    <button type="button" class="slot" data-area="strip" onClick={() => chat.act({ do: 'reopen' })}>
      <Icon name="reopen" />
      <span>{days >= 1 ? say('reopen_days', { n: Math.round(left / DAY_MS) }) : say('reopen')}</span>
      <em>{say('until_date', { date: days >= 1 ? sayDay(until) : sayReturn(until) })}</em>
    </button>
  );
}
