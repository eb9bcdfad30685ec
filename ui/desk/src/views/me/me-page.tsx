import { useDesk } from '../../app/desk.tsx';
import { CommandButton } from '../../parts/command-button.tsx';
import { Look } from './look.tsx';
import { Password } from './password.tsx';
import { Shortcuts } from './shortcuts.tsx';
import { SignIns } from './sign-ins.tsx';

export function MePage() {
  const { me } = useDesk();
  return (
    <div className="page">
      <div>
        <header className="page-head">
          <h1>{me.name}</h1>
          <p className="sec">
            {me.email}, {me.role}
          </p>
        </header>
        <div className="halves">
          <Look />
          <Password />
        </div>
        <Shortcuts />
        <SignIns />
        <div>
          <CommandButton id="sign-out" />
        </div>
      </div>
    </div>
  );
}
