import { useNow } from '../../data/ticking.ts';
import { urgencyOf, waitedOf } from '../../data/times.ts';

/** How long somebody has waited; the colour is repeated by the figure itself. */
export function Waited({ since }: { since: string }) {
  const now = useNow();
  return (
    <time className={`clock ${urgencyOf(since, now)}`} dateTime={since}>
      <span className="only-read">waiting </span>
      {waitedOf(since, now)}
    </time>
  );
}
