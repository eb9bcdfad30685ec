import { useDesk } from '../../app/desk.tsx';
import { may } from '../../commands/command.ts';
import { Articles } from './articles.tsx';
import { ImportBox } from './import-box.tsx';
import { TryOut } from './try-out.tsx';

export function KnowledgePage() {
  const { me } = useDesk();
  return (
    <div className="page">
      <div>
        <header className="page-head">
          <h1>Knowledge</h1>
          <p className="sec">What the AI may say, each sentence with its source. It takes effect at once.</p>
        </header>
        <div className="halves">
          {may(me, 'knowledge.write') && <ImportBox />}
          <TryOut />
        </div>
        <Articles />
      </div>
    </div>
  );
}
