import { trouble } from '../app/handles.ts';
import { useCell } from '../data/cell.ts';

export function TroubleBar() {
  const words = useCell(trouble);
  return (
    <div role="alert" className="trouble-place">
      {words && (
        <div className="notice bad">
          <p>{words}</p>
          <button type="button" className="btn small" onClick={() => trouble.set(null)}>
            Dismiss
          </button>
        </div>
      )}
    </div>
  );
}
