import { useState } from 'react';

const TEXT_CHARS_MAX = 200_000;

interface PasteFormProps {
  isBusy: boolean;
  sample?: string | undefined;
  onPaste: (text: string) => void;
}

export function PasteForm({ isBusy, sample, onPaste }: PasteFormProps) {
  const [text, setText] = useState('');
  return (
    <form
      className="field"
      onSubmit={(event) => {
        event.preventDefault();
        onPaste(text);
        setText('');
      }}
    >
      <label htmlFor="faq-text">Or paste it</label>
      <textarea
        id="faq-text"
        className="input"
        rows={4}
        maxLength={TEXT_CHARS_MAX}
        placeholder={'question,answer\nDo you deliver on Sundays?,"No, Monday to Saturday."'}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="row-acts">
        <button type="submit" className="btn" disabled={isBusy || text.trim() === ''}>
          Bring in the text
        </button>
        {sample && text === '' && (
          <button type="button" className="btn quiet" onClick={() => setText(sample)}>
            No FAQ at hand? Take our example
          </button>
        )}
      </div>
    </form>
  );
}
