/** Trouble, said kindly and right above the composer: what, why, and what to do. */
import type { Outgoing } from '@bothands/protocol';
import { useEffect, useState } from 'preact/hooks';
import { sayProblem } from '../problems.ts';
import { useRoom } from '../room.ts';
import { say } from '../say.ts';
import { Icon } from './icons.tsx';

/** A line that is back within this time was never worth a word. */
const LOST_SHOWN_AFTER_MS = 1200;

function useLasting(isSo: boolean, ms: number): boolean {
  const [lasts, setLasts] = useState(false);
  useEffect(() => {
    if (!isSo) return setLasts(false);
    const timer = setTimeout(() => setLasts(true), ms);
    return () => clearTimeout(timer);
  }, [isSo]);
  return lasts;
}

interface NoticesProps {
  wrong: string;
  onEdit: (one: Outgoing) => void;
  onDismiss: () => void;
}

export function Notices({ wrong, onEdit, onDismiss }: NoticesProps) {
  const { visit, chat } = useRoom();
  const failed = visit.outgoing.find((one) => one.problem);
  const waiting = visit.outgoing.filter((one) => one.kind === 'send' && one.seq === null && !one.problem).length;
  const general = wrong || (visit.problem ? sayProblem(visit.problem) : '');
  const isLost = useLasting(visit.link === 'offline', LOST_SHOWN_AFTER_MS);
  return (
    <>
      <div role="status">
        {isLost && (
          <div class="note">
            <Icon name="cloud" />
            <p>
              {say(navigator.onLine ? 'lost' : 'offline')} {waiting > 0 && say(waiting === 1 ? 'will_send_one' : 'will_send_many', { n: waiting })}
            </p>
          </div>
        )}
      </div>
      <div role="alert">
        {failed && (
          <div class="note">
            <Icon name="alert" />
            <div>
              <p>
                {say('not_sent')}. {sayProblem(failed.problem!)}
              </p>
              <div class="acts">
                <button type="button" class="b" onClick={() => chat.retry(failed.client_id)}>
                  {say('try_again')}
                </button>
                {failed.kind === 'send' && (
                  <button type="button" class="b" onClick={() => onEdit(failed)}>
                    {say('edit')}
                  </button>
                )}
                <button type="button" class="b q" onClick={() => chat.takeBack(failed.client_id)}>
                  {say('remove')}
                </button>
              </div>
            </div>
          </div>
        )}
        {general && (
          <div class="note">
            <Icon name="alert" />
            <p>{general}</p>
            <button type="button" class="ib" aria-label={say('dismiss')} onClick={onDismiss}>
              <Icon name="cross" />
            </button>
          </div>
        )}
      </div>
    </>
  );
}
