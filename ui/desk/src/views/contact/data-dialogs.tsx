import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { announce } from '../../app/handles.ts';
import { askForErasure, askForExport, type DataRequest } from '../../data/contact-data.ts';
import { Modal } from '../../parts/modal.tsx';

interface Whose {
  contactId: string;
  name: string;
  onClose: () => void;
}

/** Export or erasure of a contact's data: asked for, awaited, and said when it is done. */
export default function DataDialog({ act, ...whose }: Whose & { act: 'export' | 'erase' }) {
  return act === 'export' ? <ExportDialog {...whose} /> : <EraseDialog {...whose} />;
}

function ExportDialog({ contactId, name, onClose }: Whose) {
  const [hasNotes, setNotes] = useState(false);
  return (
    <Asking
      title={`Export the data of ${name}`}
      act="Make the file"
      busy="Gathering everything…"
      isReady
      onAct={() => askForExport(contactId, hasNotes)}
      onClose={onClose}
      done={(made) => (
        <p className="sec">
          The file is ready{made.bytes ? ` (${sizeOf(made.bytes)})` : ''}. It can be fetched once, within a day.
        </p>
      )}
      last={(made) => (
        <a className="btn pri" href={made.file ?? ''} download onClick={() => setTimeout(onClose, 500)}>
          Fetch the file
        </a>
      )}
    >
      <p className="sec">Everything held on this contact, with the files that were sent, in one zip. Read it before you hand it out: it may tell of others too.</p>
      <label className="check">
        <input type="checkbox" checked={hasNotes} onChange={(event) => setNotes(event.target.checked)} />
        With the notes that were written at the desk
      </label>
    </Asking>
  );
}

function EraseDialog({ contactId, name, onClose }: Whose) {
  const client = useQueryClient();
  const [typed, setTyped] = useState('');
  const erase = async () => {
    const done = await askForErasure(contactId);
    void client.invalidateQueries();
    return done;
  };
  return (
    <Asking
      title={`Erase the data of ${name}`}
      act="Erase for good"
      busy="Erasing…"
      look="danger"
      isReady={plain(typed) === plain(name)}
      onAct={erase}
      onClose={onClose}
      done={() => <p className="sec">Erased. Nothing that is kept here tells of this contact any more; backups made before still do.</p>}
    >
      <p className="sec">
        Messages, notes, files, readings, briefs, drafts and all details of this contact are erased, in every conversation. Open ones are closed. There is no
        way back.
      </p>
      <div className="field">
        <label htmlFor="erase-name">
          Write <b>{name}</b> to confirm
        </label>
        <input id="erase-name" className="input" autoFocus autoComplete="off" value={typed} onChange={(event) => setTyped(event.target.value)} />
      </div>
    </Asking>
  );
}

interface AskingProps {
  title: string;
  act: string;
  busy: string;
  look?: 'pri' | 'danger';
  isReady: boolean;
  onAct: () => Promise<DataRequest>;
  onClose: () => void;
  done: (request: DataRequest) => ReactNode;
  last?: (request: DataRequest) => ReactNode;
  children: ReactNode;
}

/** One act that takes its time. A refusal is shown inside, with what was filled in kept. */
function Asking({ title, act, busy, look = 'pri', isReady, onAct, onClose, done, last, children }: AskingProps) {
  const [isActing, setActing] = useState(false);
  const [refusal, setRefusal] = useState('');
  const [request, setRequest] = useState<DataRequest | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setActing(true);
    setRefusal('');
    try {
      setRequest(await onAct());
      announce('Done.');
    } catch (error) {
      setRefusal(error instanceof Error ? error.message : String(error));
    }
    setActing(false);
  };
  return (
    <Modal title={title} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <div className="dialog-body">
          {request ? done(request) : children}
          <div role="alert">{refusal && <p className="notice bad">{refusal}</p>}</div>
        </div>
        <footer className="dialog-foot">
          <button type="button" className="btn" onClick={onClose}>
            {request || isActing ? 'Close' : 'Cancel'}
          </button>
          {request ? (
            last?.(request)
          ) : (
            <button type="submit" className={`btn ${look}`} disabled={!isReady || isActing}>
              {isActing ? busy : act}
            </button>
          )}
        </footer>
      </form>
    </Modal>
  );
}

const plain = (text: string) => text.normalize('NFC').replace(/\s+/g, ' ').trim().toLocaleLowerCase();

const sizeOf = (bytes: number) => (bytes < 1_000_000 ? `${Math.ceil(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`);
