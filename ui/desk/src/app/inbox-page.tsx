import { useCell } from '../data/cell.ts';
import { ContactPanel } from '../views/contact/contact-panel.tsx';
import { Conversation } from '../views/conversation/conversation.tsx';
import { Inbox } from '../views/inbox/inbox.tsx';
import { useDesk } from './desk.tsx';
import { panelShown } from './handles.ts';

export function InboxPage() {
  const { place } = useDesk();
  const id = place.conversationId;
  const isPanelShown = useCell(panelShown);
  const steps = `${id ? 'with-talk' : ''} ${id && isPanelShown ? 'with-panel' : ''}`;
  return (
    <div className={`desk-grid ${steps}`}>
      <h1 className="only-read">Inbox</h1>
      <Inbox />
      {id ? (
        <Conversation key={id} id={id} />
      ) : (
        <section className="talk" aria-label="Conversation">
          <div className="empty">
            <strong>No conversation is open</strong>
            <p>
              Choose one from the list, or press <kbd>J</kbd> and <kbd>Enter</kbd>.
            </p>
          </div>
        </section>
      )}
      {id && <ContactPanel id={id} />}
    </div>
  );
}
