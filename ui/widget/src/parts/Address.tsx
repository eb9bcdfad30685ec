/** Where a person can answer when the contact does not want to wait here. */
import { useState } from 'preact/hooks';
import { useRoom } from '../room.ts';
import { say } from '../say.ts';

export function Address({ isKept }: { isKept: boolean }) {
  const { chat } = useRoom();
  const [isChanging, setChanging] = useState(false);
  const [wrong, setWrong] = useState('');
  if (isKept && !isChanging) {
    return (
      <div class="cd">
        <p>✓ {say('address_kept')}</p>
        <button type="button" class="b q" onClick={() => setChanging(true)}>
          {say('change')}
        </button>
      </div>
    );
  }
  const save = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const [email, phone, name] = ['email', 'phone', 'name'].map((key) => String(form.get(key) ?? '').trim()) as [string, string, string];
    const words = !email && !phone ? say('address_missing') : email && !/^\S+@\S+\.\S+$/.test(email) ? say('email_odd') : '';
    setWrong(words);
    if (words) return;
    chat.act({ do: 'leave_address', email, phone, name });
    setChanging(false);
  };
  return (
    <form class="cd fields" noValidate onSubmit={save}>
      <label>
        {say('email')}
        <input class="in" type="email" name="email" autocomplete="email" maxLength={254} aria-describedby="address-note" />
      </label>
      <label>
        {say('phone')}
        <input class="in" type="tel" name="phone" autocomplete="tel" maxLength={40} aria-describedby="address-note" />
      </label>
      <label>
        {say('name')}
        <input class="in" name="name" autocomplete="name" maxLength={100} />
      </label>
      <div class="hint" id="address-note">
        {say('one_is_enough')}
      </div>
      {wrong && <p role="alert">{wrong}</p>}
      <button class="b dk">{say('save')}</button>
    </form>
  );
}
