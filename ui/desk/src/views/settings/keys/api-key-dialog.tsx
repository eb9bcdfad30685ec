import type { ApiKeyMade } from '@bothands/protocol';
import { useState } from 'react';
import { Field, FormDialog } from '../../../parts/form-dialog.tsx';
import { useSettings } from '../data.ts';

const NAME_CHARS_MAX = 120;
const DAY_MS = 86_400_000;
const LIVES: [days: number, words: string][] = [
  [30, '30 days'],
  [365, 'a year'],
  [0, 'until it is revoked'],
];

interface ApiKeyDialogProps {
  scopes: readonly string[];
  onMade: (made: ApiKeyMade) => void;
  onClose: () => void;
}

export function ApiKeyDialog({ scopes, onMade, onClose }: ApiKeyDialogProps) {
  const settings = useSettings();
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [days, setDays] = useState(365);
  const make = async () => {
    const expiresAt = days ? new Date(Date.now() + days * DAY_MS).toISOString() : null;
    onMade(await settings.makeKey({ name, scopes: [...chosen], expires_at: expiresAt }));
  };
  return (
    <FormDialog
      title="New API key"
      act="Make the key"
      isReady={name.trim() !== '' && chosen.length > 0}
      fields={{ name: 'key-name', 'name of the key': 'key-name' }}
      onAct={make}
      onClose={onClose}
    >
      <Field id="key-name" label="Name" hint="Which program has it, so that you know it again.">
        {(about) => <input {...about} className="input" autoFocus autoComplete="off" maxLength={NAME_CHARS_MAX} value={name} onChange={(event) => setName(event.target.value)} />}
      </Field>
      <fieldset className="pick plain">
        <legend>What it may do</legend>
        <div className="two">
          {scopes.map((scope) => (
            <label key={scope}>
              <input
                type="checkbox"
                checked={chosen.includes(scope)}
                onChange={(event) => setChosen(event.target.checked ? [...chosen, scope] : chosen.filter((one) => one !== scope))}
              />
              {scope}
            </label>
          ))}
        </div>
      </fieldset>
      <Field id="key-days" label="It works for">
        {(about) => (
          <select {...about} className="input" value={days} onChange={(event) => setDays(Number(event.target.value))}>
            {LIVES.map(([value, words]) => (
              <option key={value} value={value}>
                {words}
              </option>
            ))}
          </select>
        )}
      </Field>
    </FormDialog>
  );
}
