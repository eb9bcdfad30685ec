import { useState } from 'react';

interface ReasonFormProps {
  asks: string;
  onCancel: () => void;
  onGive: (reason: string) => Promise<unknown>;
}

const REASON_CHARS_MAX = 300;

/** No change without a reason: the next reader should not have to guess. */
export function ReasonForm({ asks, onCancel, onGive }: ReasonFormProps) {
  const [reason, setReason] = useState('');
  const [refusal, setRefusal] = useState('');
  return (
    <form
      className="field reason-form"
      onSubmit={(event) => {
        event.preventDefault();
        onGive(reason.trim()).catch((error: Error) => setRefusal(error.message));
      }}
    >
      <label htmlFor="reason-now">{asks}</label>
      <input
        id="reason-now"
        className="input"
        autoFocus
        required
        maxLength={REASON_CHARS_MAX}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <div role="alert">{refusal && <p className="notice bad">{refusal}</p>}</div>
      <div className="row-acts">
        <button type="submit" className="btn pri small" disabled={reason.trim() === ''}>
          Save
        </button>
        <button type="button" className="btn small" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </form>
  );
}
