import type { Entry } from '@bothands/protocol';
import type { Trouble } from './sending.ts';

interface SendNoticeProps {
  trouble: Trouble | null;
  news: readonly Entry[];
  warnedOf: number;
  onAnyway: () => void;
}

/** Why the text is still here: something new came in, a statement lacks a source, or the server said no. */
export function SendNotice({ trouble, news, warnedOf, onAnyway }: SendNoticeProps) {
  return (
    <div role="alert">
      {trouble?.kind === 'collision' && (
        <div className="notice warn">
          <p>
            <b>{newsWords(news)}</b>: read, then send. Your text is kept.
          </p>
          <button type="button" className="btn small" onClick={onAnyway}>
            Send anyway
          </button>
        </div>
      )}
      {trouble?.kind === 'failed' && (
        <div className="notice bad">
          <p>
            <b>Not sent.</b> {trouble.words} Your text is kept.
          </p>
        </div>
      )}
      {!trouble && warnedOf > 0 && (
        <div className="notice warn">
          <p>
            <b>{warnedOf === 1 ? '1 statement has no source.' : `${warnedOf} statements have no source.`}</b> Send once more to send it as it is.
          </p>
        </div>
      )}
    </div>
  );
}

export function newsWords(news: readonly Entry[]): string {
  const messages = news.filter((entry) => entry.kind === 'message').length;
  if (messages > 0) return messages === 1 ? 'New message arrived' : `${messages} new messages arrived`;
  const last = news.at(-1);
  const who = last?.author_name ?? 'A colleague';
  if (last?.kind === 'note') return `${who} left a note`;
  return last?.kind === 'transfer' ? `${who} passed it on` : 'Something new came in';
}
