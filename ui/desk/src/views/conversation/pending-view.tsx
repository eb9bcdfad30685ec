import type { Pending } from '../../data/timeline.ts';
import { Attachments } from './attachments.tsx';

const STATES = { sending: 'sending…', failed: 'not sent', collision: 'held back' } as const;

export function PendingView({ pending }: { pending: Pending }) {
  return (
    <article className={`m out pending ${pending.kind === 'note' ? 'note' : 'hu'}`}>
      <span className="av hu" aria-hidden="true">
        …
      </span>
      <div className="said">
        <p className="n">You, {STATES[pending.state]}</p>
        {pending.text && <div className="b" dir="auto">{pending.text}</div>}
        <Attachments files={pending.files ?? []} />
      </div>
    </article>
  );
}
