import type { Row } from '@bothands/protocol';
import { useDesk, useScene } from '../../app/desk.tsx';
import { isOfferedToMe } from '../../commands/passing.ts';
import { clockOf } from '../../data/times.ts';
import { Avatar } from '../../parts/avatar.tsx';
import { CommandButton } from '../../parts/command-button.tsx';

/** A colleague offers it: until somebody accepts, whoever has it has it. */
export function OfferBar({ row }: { row: Row }) {
  const { me } = useDesk();
  const isForMe = isOfferedToMe(useScene());
  const offer = row.assigned;
  if (!offer?.lapses_at || row.closed_at || row.holder.kind !== 'agent') return null;
  const holder = row.holder.id === me.id ? 'You' : row.holder.name;
  return (
    <div className="offer-bar" role="status">
      <Avatar kind="agent" name={isForMe ? offer.by_name : offer.name} />
      <p>
        <b>{isForMe ? `${offer.by_name} offers you this conversation` : `Offered to ${offer.name}`}</b>{' '}
        <span className="sec">
          until {clockOf(offer.lapses_at)}. {holder} {holder === 'You' ? 'have' : 'has'} it until then.
        </span>
      </p>
      <CommandButton id="take-back" look="small" withKey={false} />
      <CommandButton id="decline" look="small" withKey={false}>
        Decline
      </CommandButton>
    </div>
  );
}
