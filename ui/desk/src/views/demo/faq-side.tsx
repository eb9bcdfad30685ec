import faq from '../../../../../examples/own_faq/questions.csv?raw';
import questions from '../../../../../examples/own_faq/sample_questions.txt?raw';
import { useDesk } from '../../app/desk.tsx';
import { may } from '../../commands/command.ts';
import { ImportBox } from '../knowledge/import-box.tsx';
import { TryOut } from '../knowledge/try-out.tsx';

/** The last step of the tour: a FAQ of one's own, or ours, and what it would be worth. */
export default function FaqSide({ onTried }: { onTried: () => void }) {
  const { me } = useDesk();
  return (
    <div className="mini-faq" tabIndex={0} role="region" aria-label="Knowledge">
      {may(me, 'knowledge.write') && <ImportBox sample={faq} />}
      <TryOut sample={questions} onTried={onTried} />
    </div>
  );
}
