/** One entry of the timeline as the contact sees it. */
import { bodyParts, safeLink, type Attachment, type Entry, type MessageEntry, type Outgoing, type Source } from '@bothands/protocol';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useLater } from '../fetching.ts';
import { firstName, initialsOf, useRoom } from '../room.ts';
import { say, sayDay, sayTime } from '../say.ts';
import { Face, Icon } from './icons.tsx';

/** An entry that is not the contact's own message. */
export function EntryView({ entry, isOpen }: { entry: Entry; isOpen: boolean }) {
  if (entry.kind === 'message') return <Answer entry={entry} isOpen={isOpen} />;
  const text = eventText(entry);
  return text ? <div class={`dv ${entry.kind === 'transfer' && entry.ref.to.kind === 'assistant' ? 'ai' : ''}`}>{text}</div> : null;
}

function eventText(entry: Entry): string {
  const time = sayTime(entry.at);
  if (entry.kind === 'closing') {
    const name = entry.ref.by?.name || entry.author_name;
    return name ? say('closed_entry', { name: firstName(name), time }) : say('closed', { time });
  }
  if (entry.kind === 'reopening') return say('reopened_entry', { time });
  if (entry.kind !== 'transfer') return '';
  const { from, to } = entry.ref;
  if (to.kind === 'assistant') return say('handed_back', { time });
  if (to.kind === 'queue') return say(entry.author_kind === 'contact' ? 'asked_person' : 'waits_for_person', { time });
  const name = firstName(to.name ?? '');
  return from.kind === 'agent' ? say('took_over', { name, other: firstName(from.name ?? ''), time }) : say('joined', { name, time });
}

/**
 * What the contact said: the same element from the press of the key until it is in the timeline, so that it is
 * announced once. The note below it is drawn by CSS for the same reason.
 */
export function Own({ text, files, note, isWaiting }: { text: string; files?: Attachment[] | undefined; note?: string | undefined; isWaiting: boolean }) {
  return (
    <div class={`m me ${isWaiting ? 'unsent' : ''}`} data-note={note}>
      <span class="vh">{say('you')}: </span>
      <Photos files={files} />
      {text && (
        <Bubble>
          <Body text={text} />
        </Bubble>
      )}
    </div>
  );
}

export function noteOf(one: Outgoing, isOnline: boolean): string | undefined {
  if (one.problem) return say('not_sent');
  if (one.seq !== null) return undefined;
  return say(isOnline ? 'sending' : 'waits');
}

function Answer({ entry, isOpen }: { entry: MessageEntry; isOpen: boolean }) {
  const { chat, focusComposer } = useRoom();
  const isPerson = entry.author_kind === 'agent';
  const { sources = [], choices = [], card, attachments } = entry.ref;
  const name = entry.author_name || say('assistant');
  const choose = (choice: string) => {
    chat.send(choice, []);
    focusComposer();
  };
  const later = useLater();
  const showsChoices = isOpen && choices.length > 0;
  return (
    <div class={`m ${isPerson ? 'h' : ''} ${card || showsChoices ? 'wide' : ''}`}>
      <div class="n">
        <Face kind={entry.author_kind} initials={isPerson ? initialsOf(name) : 'AI'} small />
        <span>
          {isPerson ? firstName(name) : name}, <time dateTime={entry.at}>{sayTime(entry.at)}</time>
        </span>
      </div>
      <Photos files={attachments} />
      {entry.body && (
        <Bubble>
          <Body text={entry.body} />
        </Bubble>
      )}
      {later && card?.kind === 'order' && <later.OrderCardView card={card} isOpen={isOpen} />}
      {sources.map((source) => (
        <SourceView source={source} isCited={isCited(entry.body, source)} key={source.number} />
      ))}
      {showsChoices && (
        <div class="two">
          {choices.map((choice) => (
            <button type="button" class={`b ${choice === say('talk') ? 'hub' : ''}`} key={choice} onClick={() => choose(choice)}>
              {choice}
            </button>
          ))}
          <small>{say('own_words')}</small>
        </div>
      )}
    </div>
  );
}

export function Bubble({ children }: { children: ComponentChildren }) {
  return (
    <p class="bub" dir="auto">
      {children}
    </p>
  );
}

function Body({ text }: { text: string }) {
  return (
    <>
      {bodyParts(text).map((part, i) => {
        if ('text' in part) return part.text;
        if ('link' in part) {
          return (
            <a href={part.link} target="_blank" rel="noopener noreferrer nofollow" key={i}>
              {part.link}
            </a>
          );
        }
        return (
          <sup key={i}>
            <span class="vh"> {say('source')} </span>
            {part.source}
          </sup>
        );
      })}
    </>
  );
}

const KIND_WORDS = { article: 'help_page', table: 'shop_table', reply: 'approved_reply', order: 'looked_up' } as const;

/** What is only near the question stands below an honest "I have no source": it must not look like one. */
const isCited = (body: string, source: Source) => source.kind !== 'article' || body.includes(`[${source.number}]`);

function SourceView({ source, isCited }: { source: Source; isCited: boolean }) {
  const { base } = useRoom();
  const url = safeLink(source.url, base);
  const title = source.section ? say('section', { title: source.title, section: source.section }) : source.title;
  const kind = say(KIND_WORDS[source.kind] ?? 'help_page');
  if (!url) {
    const date = source.checked_at ? (source.kind === 'order' ? sayTime(source.checked_at) : sayDay(source.checked_at)) : '';
    return (
      <p class="read-in">
        <sup>{source.number}</sup> {date ? say('looked_up_at', { title, date }) : title}
      </p>
    );
  }
  if (!isCited) {
    return (
      <a class="src near" href={url} target="_blank" rel="noopener">
        <span>{title}</span>
        <Icon name="next" />
      </a>
    );
  }
  return (
    <a class="src" href={url} target="_blank" rel="noopener">
      <b>
        <span class="vh">{say('source')} </span>
        {source.number}
      </b>
      <span>
        {title}
        <small>{source.checked_at ? say('checked', { kind, date: sayDay(source.checked_at) }) : kind}</small>
      </span>
      <Icon name="next" />
    </a>
  );
}

function Photos({ files }: { files?: Attachment[] | undefined }) {
  return <>{files?.map((file) => <Photo file={file} key={file.id} />)}</>;
}

/** Never anything but an image, and only from our own file route. */
function Photo({ file }: { file: Attachment }) {
  const { chat } = useRoom();
  const [isBroken, setBroken] = useState(false);
  const label = say('photo', { name: file.name });
  if (isBroken || !/^image\//.test(file.media_type)) return <Bubble>{label}</Bubble>;
  return <img class="pic" src={chat.fileUrl(file.id)} alt={label} loading="lazy" onError={() => setBroken(true)} />;
}
