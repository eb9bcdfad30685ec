import type { AriaAttributes, ClipboardEvent, DragEvent, KeyboardEvent, RefObject } from 'react';
import { markedPieces, type Span } from './drafting.ts';

interface MarkedFieldProps {
  field: RefObject<HTMLTextAreaElement | null>;
  label: string;
  describedBy?: string;
  placeholder: string;
  value: string;
  spans: readonly Span[];
  onChange: (value: string) => void;
  /** Pictures pasted or dropped here. */
  onFiles?: ((files: File[]) => void) | undefined;
  /** Where the caret is now. */
  onCaret?: (at: number) => void;
  aria?: AriaAttributes;
  onKeyDown: (event: KeyboardEvent<HTMLTextAreaElement>) => void;
}

export const MESSAGE_CHARS_MAX = 4000;

/** A text field that grows with its text; a layer behind it underlines what has no source. */
export function MarkedField(props: MarkedFieldProps) {
  const { field, label, describedBy, placeholder, value, spans, onChange, onFiles, onCaret, aria, onKeyDown } = props;
  const takeFiles = (event: ClipboardEvent | DragEvent, held: DataTransfer) => {
    if (!onFiles || held.files.length === 0) return;
    event.preventDefault();
    onFiles([...held.files]);
  };
  return (
    <div className="marked">
      <div className="behind" aria-hidden="true" dir="auto">
        {markedPieces(value, spans).map((piece, index) =>
          piece.look === 'plain' ? <span key={index}>{piece.text}</span> : <mark key={index}>{piece.text}</mark>,
        )}
        {'\u200b'}
      </div>
      <textarea
        ref={field}
        dir="auto"
        {...aria}
        aria-label={label}
        aria-describedby={describedBy}
        placeholder={placeholder}
        value={value}
        maxLength={MESSAGE_CHARS_MAX}
        rows={2}
        onChange={(event) => (onChange(event.target.value), onCaret?.(event.target.selectionStart))}
        onSelect={(event) => onCaret?.(event.currentTarget.selectionStart)}
        onPaste={(event) => takeFiles(event, event.clipboardData)}
        onDragOver={(event) => onFiles && event.preventDefault()}
        onDrop={(event) => takeFiles(event, event.dataTransfer)}
        onKeyDown={onKeyDown}
      />
    </div>
  );
}
