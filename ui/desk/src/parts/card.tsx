import type { ReactNode } from 'react';

/** What stands before the desk: a card alone on the page. */
export function Card({ children }: { children: ReactNode }) {
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <div className="logo">
          <i />
          Bothands
        </div>
        {children}
      </div>
    </main>
  );
}
