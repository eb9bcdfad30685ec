import type { Brief } from '@bothands/protocol';
import { useDesk } from '../../app/desk.tsx';
import { announce, dialog, trouble } from '../../app/handles.ts';
import { newClientId } from '../../data/ids.ts';
import { keep, useKept } from '../../data/kept.ts';

const checkName = (brief: Brief, conversationId: string) => `brief:${conversationId}:${brief.made_at}`;

/** "Is this right?" A yes is written down as a note, so the next person reads it too; a correction stands in the brief itself. */
export function BriefCheck({ brief, conversationId }: { brief: Brief; conversationId: string }) {
  const name = checkName(brief, conversationId);
  const checked = useKept(name);
  const { actions } = useDesk();

  const confirm = async () => {
    try {
      await actions.note(conversationId, { client_id: newClientId(), text: 'The handoff brief is right.' });
      keep(name, 'right');
      announce('Written down.');
    } catch (error) {
      trouble.set(error instanceof Error ? error.message : String(error));
    }
  };

  if (checked) return <span className="brief-check mut">✓ you said it is right</span>;
  return (
    <span className="brief-check">
      <span className="mut">Is this right?</span>
      <button type="button" className="btn quiet small" onClick={() => void confirm()}>
        Yes
      </button>
      <button type="button" className="btn quiet small" onClick={() => dialog.set('fix-brief')}>
        Fix it
      </button>
    </span>
  );
}
