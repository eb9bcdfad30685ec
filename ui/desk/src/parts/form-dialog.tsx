import { createContext, use, useEffect, useState, type FormEvent, type ReactNode } from 'react';
import { Refused, wordsOf } from '../data/call.ts';
import { Modal } from './modal.tsx';

/** Which field the server's refusal is about, and what it says; fields show their own. */
const FaultContext = createContext<{ at: string; words: string } | null>(null);

interface FormDialogProps {
  title: string;
  act: string;
  look?: 'pri' | 'danger';
  isReady?: boolean;
  /** The thing that a refusal names → the id of the field in which it was written. */
  fields?: Readonly<Record<string, string>>;
  onAct: () => Promise<unknown>;
  onClose: () => void;
  children: ReactNode;
}

/** A form in a dialog. What the server refuses is said at the field it is about, and what was filled in stays. */
export function FormDialog({ title, act, look = 'pri', isReady = true, fields = {}, onAct, onClose, children }: FormDialogProps) {
  const [fault, setFault] = useState<{ at: string; words: string } | null>(null);
  const [isActing, setActing] = useState(false);
  useEffect(() => {
    if (fault?.at) document.getElementById(fault.at)?.focus();
  }, [fault]);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    setActing(true);
    setFault(null);
    try {
      await onAct();
      onClose();
    } catch (error) {
      setFault(faultOf(error, fields));
      setActing(false);
    }
  };
  return (
    <Modal title={title} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <FaultContext value={fault}>
          <div className="dialog-body">
            {children}
            <div role="alert">{fault && !fault.at && <p className="notice bad">{fault.words}</p>}</div>
          </div>
        </FaultContext>
        <footer className="dialog-foot">
          <button type="button" className="btn" onClick={onClose}>
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

export function faultOf(error: unknown, fields: Readonly<Record<string, string>>): { at: string; words: string } {
  if (!(error instanceof Refused)) return { at: '', words: error instanceof Error ? error.message : String(error) };
  const { problem } = error;
  const named = Object.keys(fields).find((thing) => problem.thing === thing || problem.thing?.startsWith(`${thing} `) || problem.code === thing);
  return { at: named ? fields[named]! : '', words: wordsOf(problem) };
}

interface FieldProps {
  id: string;
  label: string;
  hint?: ReactNode;
  children: (described: { id: string; 'aria-describedby'?: string | undefined; 'aria-invalid'?: boolean | undefined }) => ReactNode;
}

/** A label, what it is for, the input, and what the server said about it. */
export function Field({ id, label, hint, children }: FieldProps) {
  const fault = use(FaultContext);
  const words = fault?.at === id ? fault.words : '';
  const described = [hint ? `${id}-hint` : '', words ? `${id}-fault` : ''].filter(Boolean).join(' ');
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': words ? true : undefined })}
      {hint && (
        <span id={`${id}-hint`} className="hint">
          {hint}
        </span>
      )}
      {words && (
        <span id={`${id}-fault`} role="alert" className="fault">
          {words}
        </span>
      )}
    </div>
  );
}
