import type { JoinView, Me } from '@bothands/protocol';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { call } from '../../data/call.ts';
import { Card } from '../../parts/card.tsx';
import { takeToken } from './token.ts';

const PASSWORD_CHARS_MIN = 10;
const NAME_CHARS_MAX = 120;

/** Where an invitation leads: look at it, choose a password, be in. */
export function JoinPage() {
  const [token] = useState(takeToken);
  const [offer, setOffer] = useState<JoinView | null>(null);
  const [refusal, setRefusal] = useState(token ? '' : 'Open the link of your invitation once more: its last part is missing.');
  const asked = useRef(false);
  useEffect(() => {
    if (!token || asked.current) return;
    asked.current = true;
    call<JoinView>('POST', '/join/look', { token }).then(setOffer, (error: Error) => setRefusal(error.message));
  }, [token]);
  return (
    <Card>
      {token && offer ? <JoinForm token={token} offer={offer} /> : <Waiting refusal={refusal} />}
    </Card>
  );
}

function Waiting({ refusal }: { refusal: string }) {
  if (!refusal) return <p role="status">Looking at your invitation…</p>;
  return (
    <>
      <h1>This invitation does not open</h1>
      <p role="alert" className="notice bad">
        {refusal}
      </p>
      <p>
        <a className="src" href="/desk/sign-in">
          Sign in instead
        </a>
      </p>
    </>
  );
}

function JoinForm({ token, offer }: { token: string; offer: JoinView }) {
  const [name, setName] = useState(offer.name);
  const [password, setPassword] = useState('');
  const [refusal, setRefusal] = useState('');
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setRefusal('');
    try {
      await call<Me>('POST', '/join', { token, password, name });
      location.replace('/desk/');
    } catch (error) {
      setBusy(false);
      setRefusal(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <h1>Join the desk of {offer.company}</h1>
      <p className="sec">
        {offer.invited_by} invites you as {offer.role === 'agent' ? 'an agent' : offer.role === 'lead' ? 'a lead' : 'an admin'}. You sign in as{' '}
        <b>{offer.email}</b>.
      </p>
      <div role="alert">{refusal && <p className="notice bad">{refusal}</p>}</div>
      <input type="hidden" autoComplete="username" value={offer.email} readOnly />
      <div className="field">
        <label htmlFor="join-name">Your name</label>
        <input id="join-name" className="input" autoComplete="name" required maxLength={NAME_CHARS_MAX} aria-describedby="join-name-hint" value={name} onChange={(event) => setName(event.target.value)} />
        <span id="join-name-hint" className="hint">
          Customers see it on every message of yours.
        </span>
      </div>
      <div className="field">
        <label htmlFor="join-password">Choose a password</label>
        <input
          id="join-password"
          className="input"
          type="password"
          autoComplete="new-password"
          required
          autoFocus
          minLength={PASSWORD_CHARS_MIN}
          aria-describedby="join-hint"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <span id="join-hint" className="hint">
          At least {PASSWORD_CHARS_MIN} characters; a few words are easier to keep than signs.
        </span>
      </div>
      <button type="submit" className="btn pri" disabled={isBusy || password.length < PASSWORD_CHARS_MIN || name.trim() === ''}>
        Join
      </button>
    </form>
  );
}
