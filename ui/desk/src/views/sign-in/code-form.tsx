import type { CodeAsked, Me } from '@bothands/protocol';
import { useState, type FormEvent } from 'react';
import { call } from '../../data/call.ts';

interface CodeFormProps {
  email: string;
  onEmail: (email: string) => void;
  onEnter: () => void;
  onBack: () => void;
}

const CODE_DIGITS = 6;

/** Sign in, or back in without a password: six digits by mail. Whether the address is known is not told. */
export function CodeForm({ email, onEmail, onEnter, onBack }: CodeFormProps) {
  const [asked, setAsked] = useState<CodeAsked | null>(null);
  const [code, setCode] = useState('');
  const [refusal, setRefusal] = useState('');
  const [isBusy, setBusy] = useState(false);
  const act = async (work: () => Promise<unknown>) => {
    setBusy(true);
    setRefusal('');
    await work().catch((error: unknown) => setRefusal(error instanceof Error ? error.message : String(error)));
    setBusy(false);
  };
  const ask = () =>
    act(async () => {
      setAsked(await call<CodeAsked>('POST', '/sign-in/code', { email: email.trim() }));
      setCode('');
    });
  const answer = () =>
    act(async () => {
      await call<Me>('POST', '/sign-in/code/answer', { ask: asked?.ask, code });
      onEnter();
    });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void (asked ? answer() : ask());
  };
  return (
    <form onSubmit={submit}>
      <h1>Sign in by a code</h1>
      <div role="alert">{refusal && <p className="notice bad">{refusal}</p>}</div>
      {asked ? (
        <>
          <p role="status">
            If somebody here has the address {email.trim()}, six digits are on their way to it. They work for {asked.minutes} minutes, in this window.
          </p>
          <div className="field">
            <label htmlFor="code">The six digits</label>
            <input id="code" className="input code" inputMode="numeric" autoComplete="one-time-code" required autoFocus maxLength={CODE_DIGITS + 2} value={code} onChange={(event) => setCode(event.target.value)} />
          </div>
        </>
      ) : (
        <div className="field">
          <label htmlFor="code-email">E-mail</label>
          <input id="code-email" className="input" type="email" autoComplete="username" required autoFocus value={email} onChange={(event) => onEmail(event.target.value)} />
        </div>
      )}
      <button type="submit" className="btn pri" disabled={isBusy}>
        {asked ? 'Sign in' : 'Send me a code'}
      </button>
      <div className="row-acts">
        <button type="button" className="btn quiet" onClick={onBack}>
          By password
        </button>
        {asked && (
          <button type="button" className="btn quiet" disabled={isBusy} onClick={() => void ask()}>
            Send another code
          </button>
        )}
      </div>
    </form>
  );
}
