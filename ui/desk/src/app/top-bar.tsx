import { CommandButton } from '../parts/command-button.tsx';
import { Avatar, initialsOf } from '../parts/avatar.tsx';
import { Icon } from '../parts/icon.tsx';
import { AiState } from './ai-state.tsx';
import { useDesk } from './desk.tsx';
import { trouble } from './handles.ts';

export function TopBar() {
  const { me, place } = useDesk();
  return (
    <header className="top">
      <div className="logo">
        <i />
        <span className="words">{me.company}</span>
      </div>
      <CommandButton id="palette" look="cmd">
        <Icon name="find" />
        <span>Run a command, or go to</span>
      </CommandButton>
      <CommandButton id="search" look="find-button">
        <Icon name="find" />
        <span className="words">Search</span>
        <span className="only-read">Search conversations</span>
      </CommandButton>
      <AiState />
      <CommandButton id="stop" look="stop-ai" withKey={false}>
        <Icon name="stop" />
        <span className="words">Stop the AI…</span>
        <span className="only-read">Stop the AI…</span>
      </CommandButton>
      <Available />
      <a className="me-link" href="/desk/me" aria-label={`${initialsOf(me.name)}: ${me.name}, you`} onClick={(event) => (event.preventDefault(), place.go('me'))}>
        <Avatar kind="agent" name={me.name} />
      </a>
    </header>
  );
}

function Available() {
  const { me, actions } = useDesk();
  const isAvailable = me.availability === 'available';
  return (
    <button type="button" className="btn" role="switch" aria-checked={isAvailable} aria-label="Available for new conversations" onClick={() => void actions.setAvailable(!isAvailable).catch((error: Error) => trouble.set(error.message))}>
      <span className={isAvailable ? 'dot' : 'dot off'} />
      <span className="words">{isAvailable ? 'Available' : 'Away'}</span>
    </button>
  );
}
