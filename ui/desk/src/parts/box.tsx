import { useId, type ReactNode } from 'react';

interface BoxProps {
  title: string;
  count?: number;
  children: ReactNode;
}

/** A part of a page under its heading, with how many there are. */
export function Box({ title, count, children }: BoxProps) {
  const id = useId();
  return (
    <section className="box" aria-labelledby={id}>
      <h2 id={id}>
        {title} {count !== undefined && <span className="mut">{count}</span>}
      </h2>
      {children}
    </section>
  );
}
