import type { ReactNode } from 'react';
import type { UseQueryResult } from '@tanstack/react-query';

interface SectionProps {
  title: string;
  says: ReactNode;
  act?: ReactNode;
  query: Pick<UseQueryResult, 'isError' | 'error' | 'isPending'>;
  children: ReactNode;
}

/** A settings page: what it is for, its one act, and its content once that is there. */
export function Section({ title, says, act, query, children }: SectionProps) {
  return (
    <>
      <header className="page-head with-act">
        <div>
          <h1>{title}</h1>
          <p className="sec">{says}</p>
        </div>
        {act}
      </header>
      {query.isError && (
        <p role="alert" className="notice bad">
          {query.error?.message}
        </p>
      )}
      {query.isPending ? <p className="mut" aria-busy="true">Loading…</p> : children}
    </>
  );
}

/** Where nothing is yet: what would be here, and what to do. */
export function Nothing({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="box nothing">
      <h2>{title}</h2>
      {children}
    </section>
  );
}
