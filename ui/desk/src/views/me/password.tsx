import { useState } from 'react';
import { useDesk } from '../../app/desk.tsx';
import { Box } from '../../parts/box.tsx';

const PASSWORD_CHARS_MIN = 10;

export function Password() {
  const { actions } = useDesk();
  const [password, setPassword] = useState('');
  const [words, setWords] = useState<{ isBad: boolean; text: string } | null>(null);
  const save = () =>
    actions.setPassword(password).then(
      () => (setPassword(''), setWords({ isBad: false, text: 'The password is set. It works from the next sign-in.' })),
      (error: Error) => setWords({ isBad: true, text: error.message }),
    );
  return (
    <Box title="Password">
      <form
        className="field"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <label htmlFor="new-password">New password</label>
        <input
          id="new-password"
          className="input"
          type="password"
          autoComplete="new-password"
          minLength={PASSWORD_CHARS_MIN}
          aria-describedby="password-hint"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <span id="password-hint" className="hint">
          At least {PASSWORD_CHARS_MIN} characters; a few words are easier to keep than signs.
        </span>
        <div className="row-acts">
          <button type="submit" className="btn" disabled={password.length < PASSWORD_CHARS_MIN}>
            Set the password
          </button>
        </div>
      </form>
      <div role="status">{words && <p className={words.isBad ? 'notice bad' : 'notice hu'}>{words.text}</p>}</div>
    </Box>
  );
}
