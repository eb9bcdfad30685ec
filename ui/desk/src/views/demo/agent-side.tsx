import { useInfiniteQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { Bars } from '../../app/bars.tsx';
import { AiState } from '../../app/ai-state.tsx';
import { useDesk } from '../../app/desk.tsx';
import { rowsQuery } from '../../data/queries.ts';
import { CommandButton } from '../../parts/command-button.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Conversation } from '../conversation/conversation.tsx';
import { Inbox } from '../inbox/inbox.tsx';

const FaqSide = lazy(() => import('./faq-side.tsx'));

interface AgentSideProps {
  showsFaq: boolean;
  onShowFaq: (shows: boolean) => void;
  onTried: () => void;
}

/** The desk in reduced form: the very same parts, without the rail and the contact panel. */
export function AgentSide({ showsFaq, onShowFaq, onTried }: AgentSideProps) {
  const { place } = useDesk();
  const id = place.conversationId;
  return (
    <div className="mini">
      <header className="mini-top">
        <button type="button" className="mode" aria-pressed={!showsFaq} onClick={() => onShowFaq(false)}>
          Inbox
        </button>
        <button type="button" className="mode" aria-pressed={showsFaq} onClick={() => onShowFaq(true)}>
          Knowledge
        </button>
        <Counts />
        <span className="grow" />
        <AiState />
        <CommandButton id="stop">
          <Icon name="stop" />
          Stop the AI…
        </CommandButton>
      </header>
      <Bars />
      {showsFaq ? (
        <Suspense fallback={<div aria-busy="true" />}>
          <FaqSide onTried={onTried} />
        </Suspense>
      ) : (
        <div className={`desk-grid mini-grid ${id ? 'with-talk' : ''}`}>
          <Inbox />
          {id ? (
            <Conversation key={id} id={id} />
          ) : (
            <section className="talk" aria-label="Conversation">
              <div className="empty">
                <strong>Your own chat appears here</strong>
                <p>Write something on the phone, or open a simulated customer from the list.</p>
              </div>
            </section>
          )}
        </div>
      )}
    </div>
  );
}

function Counts() {
  const { place } = useDesk();
  const counts = useInfiniteQuery(rowsQuery(place.view)).data?.pages[0]?.counts;
  if (!counts) return null;
  return (
    <span className="mut mini-counts">
      {counts.open} open, {counts.ai} with the AI
    </span>
  );
}
