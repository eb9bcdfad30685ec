import type { WaysIn } from '@bothands/protocol';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState, type FormEvent } from 'react';
import { actionsOn } from '../../data/actions.ts';
import { call, Refused } from '../../data/call.ts';
import { Card } from '../../parts/card.tsx';
import { CodeForm } from './code-form.tsx';
import { takeToken } from './token.ts';

export function SignInPage() {
  const client = useQueryClient();
  const actions = useMemo(() => actionsOn(client), [client]);
  const [token] = useState(takeToken);
  const [isByLink, setByLink] = useState(token !== null);
  const [refusal, setRefusal] = useState('');
  const [email, setEmail] = useState('');
  const [isByCode, setByCode] = useState(false);
  const mayAskCode = useQuery({ queryKey: ['ways-in'], queryFn: () => call<WaysIn>('GET', '/sign-in') }).data?.code ?? false;
  const started = useRef(false);

  useEffect(() => {
    // A one-time link must be used once, even where effects run twice.
    if (!token || started.current) return;
    started.current = true;
    actions.signInByLink(token).then(enter, (error: unknown) => {
      setByLink(false);
      setRefusal(linkWords(error));
    });
  }, [token, actions]);

  return (
    <Card>
      {isByLink ? (
        <p role="status">Signing you in…</p>
      ) : isByCode ? (
        <CodeForm email={email} onEmail={setEmail} onEnter={enter} onBack={() => setByCode(false)} />
      ) : (
        <>
          <PasswordForm email={email} onEmail={setEmail} refusal={refusal} onRefusal={setRefusal} signIn={actions.signInByPassword} />
          {mayAskCode && (
            <button type="button" className="btn" onClick={() => setByCode(true)}>
              Sign in by a code instead
            </button>
          )}
        </>
      )}
    </Card>
  );
}

const enter = () => location.replace('/desk/');

function linkWords(error: unknown): string {
  if (error instanceof Refused && error.status >= 400 && error.status < 500 && error.status !== 429) {
    return 'This link no longer works: each link signs in once and only for a while. Ask for a new one, or use your password.';
  }
  return error instanceof Error ? error.message : String(error);
}

interface PasswordFormProps {
  email: string;
  onEmail: (email: string) => void;
  refusal: string;
  onRefusal: (words: string) => void;
  signIn: (email: string, password: string) => Promise<unknown>;
}

function PasswordForm({ email, onEmail, refusal, onRefusal, signIn }: PasswordFormProps) {
  const [password, setPassword] = useState('');
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    onRefusal('');
    try {
      await signIn(email.trim(), password);
      enter();
    } catch (error) {
      setBusy(false);
      onRefusal(passwordWords(error));
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <h1>Sign in to the desk</h1>
      <div role="alert">{refusal && <p className="notice bad">{refusal}</p>}</div>
      <div className="field">
        <label htmlFor="email">E-mail</label>
        <input id="email" className="input" type="email" autoComplete="username" required autoFocus value={email} onChange={(event) => onEmail(event.target.value)} />
      </div>
      <div className="field">
        <label htmlFor="password">Password</label>
        <input
          id="password"
          className="input"
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </div>
      <button type="submit" className="btn pri" disabled={isBusy}>
        Sign in
      </button>
      <p className="mut">No password yet? Open the one-time link you were given; you can set one afterwards.</p>
    </form>
  );
}

function passwordWords(error: unknown): string {
  if (error instanceof Refused && (error.status === 401 || error.status === 403)) {
    return 'E-mail and password do not fit together. Check both, or ask an admin for a one-time link.';
  }
  return error instanceof Error ? error.message : String(error);
}
