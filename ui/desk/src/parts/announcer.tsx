import { announcement } from '../app/handles.ts';
import { useCell } from '../data/cell.ts';

export function Announcer() {
  return (
    <div role="status" aria-live="polite" className="only-read">
      {useCell(announcement)}
    </div>
  );
}
