import type { ReactNode } from 'react';
import { useKeys } from '../commands/keys.ts';
import { Announcer } from '../parts/announcer.tsx';
import { Dialogs } from '../views/dialogs/dialogs.tsx';
import { Bars } from './bars.tsx';
import { KeyBar } from './key-bar.tsx';
import { Rail } from './rail.tsx';
import { useTitle } from './title.ts';
import { TopBar } from './top-bar.tsx';

export function Shell({ children }: { children: ReactNode }) {
  useKeys();
  useTitle();
  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to the conversation
      </a>
      <TopBar />
      <Bars />
      <div className="body">
        <Rail />
        <main id="main" tabIndex={-1} className="main">
          {children}
        </main>
      </div>
      <KeyBar />
      <Dialogs />
      <Announcer />
    </div>
  );
}
