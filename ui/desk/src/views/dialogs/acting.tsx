import { useState, type FormEvent, type ReactNode } from 'react';
import { dialog } from '../../app/handles.ts';
import { Modal } from '../../parts/modal.tsx';

interface ActingProps {
  title: string;
  act: string;
  look?: 'pri' | 'danger';
  isReady?: boolean;
  onAct: () => Promise<unknown>;
  children: ReactNode;
}

/** A dialog with one act. A refusal is shown inside, with what was filled in kept. */
export function Acting({ title, act, look = 'pri', isReady = true, onAct, children }: ActingProps) {
  const [refusal, setRefusal] = useState('');
  const [isActing, setActing] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setActing(true);
    setRefusal('');
    try {
      await onAct();
      dialog.set(null);
    } catch (error) {
      setRefusal(error instanceof Error ? error.message : String(error));
      setActing(false);
    }
  };
  return (
    <Modal title={title} onClose={() => dialog.set(null)}>
      <form onSubmit={(event) => void submit(event)}>
        <div className="dialog-body">
          {children}
          <div role="alert">{refusal && <p className="notice bad">{refusal}</p>}</div>
        </div>
        <footer className="dialog-foot">
          <button type="button" className="btn" onClick={() => dialog.set(null)}>
            Cancel
          </button>
          <button type="submit" className={`btn ${look}`} disabled={!isReady || isActing}>
            {act}
          </button>
        </footer>
      </form>
    </Modal>
  );
}
