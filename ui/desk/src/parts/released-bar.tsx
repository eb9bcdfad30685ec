import { useCell } from '../data/cell.ts';
import { released } from '../data/live.ts';

/** What the agent held is with somebody else now: said once, kindly, and nothing is asked of them. */
export function ReleasedBar() {
  const count = useCell(released);
  return (
    <div role="status">
      {count > 0 && (
        <div className="notice">
          <p>{releasedWords(count)}</p>
          <button type="button" className="btn small" onClick={() => released.set(0)}>
            All right
          </button>
        </div>
      )}
    </div>
  );
}

export const releasedWords = (count: number): string =>
  count === 1
    ? 'A conversation you had is back in the queue, because its inbox is for other teams now. A colleague goes on with it: nothing is left for you to do.'
    : `${count} conversations you had are back in the queue, because their inbox is for other teams now. Colleagues go on with them: nothing is left for you to do.`;
