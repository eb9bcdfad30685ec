import { useId, useRef, useState } from 'react';
import { announce } from '../../../app/handles.ts';

interface CopiedProps {
  label: string;
  text: string;
  isMany?: boolean;
}

/** Something to take along: selected by a click, copied by a button. */
export function Copied({ label, text, isMany = false }: CopiedProps) {
  const id = useId();
  const place = useRef<HTMLTextAreaElement>(null);
  const [isDone, setDone] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Only pages with TLS may write there: the old way works on all.
      place.current?.select();
      document.execCommand('copy');
    }
    setDone(true);
    announce(`${label}: copied.`);
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="copied">
        <textarea
          ref={place}
          id={id}
          className="input mono"
          readOnly
          rows={isMany ? text.split('\n').length : 1}
          value={text}
          onFocus={(event) => event.target.select()}
        />
        <button type="button" className="btn" onClick={() => void copy()}>
          {isDone ? 'Copied' : 'Copy'}
          <span className="only-read"> {label}</span>
        </button>
      </div>
    </div>
  );
}
