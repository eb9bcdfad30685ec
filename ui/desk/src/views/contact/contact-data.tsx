import { lazy, Suspense, useState } from 'react';
import { useDesk } from '../../app/desk.tsx';
import { may } from '../../commands/command.ts';
import { Icon } from '../../parts/icon.tsx';

const DataDialog = lazy(() => import('./data-dialogs.tsx'));

/** What an admin may do with all of a contact's data; folded, because it is rarely wanted. */
export function ContactData({ contactId, name }: { contactId: string; name: string }) {
  const { me } = useDesk();
  const [act, setAct] = useState<'export' | 'erase' | null>(null);
  if (!may(me, 'contacts.export') && !may(me, 'contacts.erase')) return null;
  return (
    <details className="contact-data">
      <summary>
        Data of this contact <Icon name="down" />
      </summary>
      <div>
        {may(me, 'contacts.export') && (
          <button type="button" className="btn small" onClick={() => setAct('export')}>
            Export data…
          </button>
        )}
        {may(me, 'contacts.erase') && (
          <button type="button" className="btn small" onClick={() => setAct('erase')}>
            Erase data…
          </button>
        )}
      </div>
      {act && (
        <Suspense>
          <DataDialog act={act} contactId={contactId} name={name} onClose={() => setAct(null)} />
        </Suspense>
      )}
    </details>
  );
}
