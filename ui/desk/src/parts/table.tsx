import type { ReactNode } from 'react';

interface TableProps {
  /** What its rows are: "API keys". */
  of: string;
  columns: readonly string[];
  /** The column of buttons has a heading for the ear only; without it there is no such column. */
  acts?: string | false;
  children: ReactNode;
}

/** Rows under their headings; where they are too wide they scroll, by keyboard too. */
export function Table({ of, columns, acts = false, children }: TableProps) {
  return (
    <div className="table-box" tabIndex={0} role="region" aria-label={`Table of ${of}`}>
      <table className="table">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
            {acts && (
              <th scope="col">
                <span className="only-read">{acts}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
