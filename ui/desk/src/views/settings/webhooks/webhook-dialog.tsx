import type { WebhookMade, WebhookView } from '@bothands/protocol';
import { useState } from 'react';
import { announce } from '../../../app/handles.ts';
import { Field, FormDialog } from '../../../parts/form-dialog.tsx';
import { useSettings, type WebhookType } from '../data.ts';

const URL_CHARS_MAX = 2000;
const DESCRIPTION_CHARS_MAX = 200;
const FIELDS = { 'address-refused': 'hook-url', address: 'hook-url', host: 'hook-url', port: 'hook-url', url: 'hook-url', webhook: 'hook-url' };

interface WebhookDialogProps {
  webhook: WebhookView | null;
  types: readonly WebhookType[];
  onMade: (made: WebhookMade) => void;
  onClose: () => void;
}

export function WebhookDialog({ webhook, types, onMade, onClose }: WebhookDialogProps) {
  const settings = useSettings();
  const [url, setUrl] = useState(webhook?.url ?? '');
  const [description, setDescription] = useState(webhook?.description ?? '');
  const [chosen, setChosen] = useState<readonly string[]>(webhook?.event_types ?? types.map((type) => type.name));
  const [hasText, setHasText] = useState(webhook?.include_text ?? false);
  const [isOn, setOn] = useState(!webhook?.disabled_at);
  const [isEnding, setEnding] = useState(false);
  const save = async () => {
    const about = { url, description, event_types: [...chosen], include_text: hasText };
    if (!webhook) onMade(await settings.makeWebhook(about));
    else if (isEnding) await settings.dropWebhook(webhook.id);
    else await settings.changeWebhook(webhook.id, { ...about, enabled: isOn });
    announce(isEnding ? 'The webhook is no more.' : 'The webhook is saved.');
  };
  return (
    <FormDialog
      title={webhook ? 'Change the webhook' : 'New webhook'}
      act={isEnding ? 'Delete the webhook' : webhook ? 'Save' : 'Make the webhook'}
      look={isEnding ? 'danger' : 'pri'}
      isReady={url.trim() !== '' && chosen.length > 0}
      fields={FIELDS}
      onAct={save}
      onClose={onClose}
    >
      <Field id="hook-url" label="Address" hint="Starts with https:// and takes a POST.">
        {(about) => <input {...about} className="input" autoFocus autoComplete="off" inputMode="url" maxLength={URL_CHARS_MAX} value={url} onChange={(event) => setUrl(event.target.value)} />}
      </Field>
      <Field id="hook-description" label="What it is for">
        {(about) => <input {...about} className="input" autoComplete="off" maxLength={DESCRIPTION_CHARS_MAX} value={description} onChange={(event) => setDescription(event.target.value)} />}
      </Field>
      <fieldset className="pick plain">
        <legend>What it is told of</legend>
        {types.map((type) => (
          <label key={type.name}>
            <input
              type="checkbox"
              checked={chosen.includes(type.name)}
              onChange={(event) => setChosen(event.target.checked ? [...chosen, type.name] : chosen.filter((one) => one !== type.name))}
            />
            <span>
              {type.name} <span className="mut">{type.help}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <label className="check">
        <input type="checkbox" checked={hasText} onChange={(event) => setHasText(event.target.checked)} />
        Send along what was said; otherwise only ids
      </label>
      {webhook && (
        <>
          <label className="check">
            <input type="checkbox" checked={isOn} onChange={(event) => setOn(event.target.checked)} />
            On: calls are made
          </label>
          <label className="check">
            <input type="checkbox" checked={isEnding} onChange={(event) => setEnding(event.target.checked)} />
            Delete it with its deliveries
          </label>
        </>
      )}
    </FormDialog>
  );
}
