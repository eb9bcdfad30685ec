import type { Decision, MessageEntry, NoteEntry } from '@bothands/protocol';
import { useDesk } from '../../app/desk.tsx';
import { clockOf, fullOf } from '../../data/times.ts';
import { Avatar } from '../../parts/avatar.tsx';
import { SourcedText, SourceList } from '../../parts/sourced-text.tsx';
import { MentionedText } from './mentioned-text.tsx';
import { Attachments } from './attachments.tsx';
import { OrderCardView } from '../contact/order-card.tsx';
import { Why } from './why.tsx';

interface BubbleProps {
  entry: MessageEntry | NoteEntry;
  contactName: string;
  about: string;
  isContinued: boolean;
  isNew: boolean;
  decision: Decision | undefined;
}

export function Bubble({ entry, contactName, about, isContinued, isNew, decision }: BubbleProps) {
  const { ownId } = useDesk();
  const sources = entry.ref.sources ?? [];
  const isOut = entry.author_kind !== 'contact';
  const look = entry.kind === 'note' ? 'note' : entry.author_kind === 'assistant' ? 'ai' : isOut ? 'hu' : '';
  return (
    <article
      className={`m ${isOut ? 'out' : ''} ${look} ${isContinued ? 'more' : ''}`}
      data-seq={entry.seq}
      tabIndex={-1}
    >
      <Avatar kind={entry.author_kind} name={entry.author_kind === 'contact' && entry.conversation_id === ownId ? 'You' : nameIn(entry, contactName)} />
      <div className="said">
        <p className={isContinued ? 'only-read' : 'n'}>
          <AuthorName entry={entry} contactName={contactName} />, <time dateTime={entry.at} title={fullOf(entry.at)}>{clockOf(entry.at)}</time>
          {entry.kind === 'note' && <span className="tag warn">Note, only the desk sees it</span>}
          {isNew && <span className="tag">new</span>}
        </p>
        {entry.body && (
          <div className="b" dir="auto">
            {entry.kind === 'note' && entry.ref.mentions ? (
              <MentionedText text={entry.body} mentions={entry.ref.mentions} />
            ) : (
              <SourcedText text={entry.body} sources={sources} />
            )}
          </div>
        )}
        {entry.ref.card && <OrderCardView card={entry.ref.card} />}
        <Attachments files={entry.ref.attachments ?? []} />
        <SourceList sources={sources} text={entry.body} />
        <Choices choices={entry.ref.choices ?? []} />
        {decision && <Why decision={decision} about={about} question="Why did it answer?" />}
      </div>
    </article>
  );
}

const nameIn = (entry: MessageEntry | NoteEntry, contactName: string) =>
  entry.author_name ?? (entry.author_kind === 'contact' ? contactName : 'A colleague');

function AuthorName({ entry, contactName }: { entry: MessageEntry | NoteEntry; contactName: string }) {
  const { me, ownId } = useDesk();
  const isOwn = entry.conversation_id === ownId;
  if (entry.author_kind === 'assistant') return 'AI assistant';
  if (entry.author_id === me.id) return isOwn ? 'You, the agent' : 'You';
  if (isOwn && entry.author_kind === 'contact') return 'You, the customer';
  return nameIn(entry, contactName);
}

function Choices({ choices }: { choices: readonly string[] }) {
  if (choices.length === 0) return null;
  return (
    <ul className="offered" aria-label="Offered as buttons">
      {choices.map((choice) => (
        <li key={choice}>{choice}</li>
      ))}
    </ul>
  );
}
