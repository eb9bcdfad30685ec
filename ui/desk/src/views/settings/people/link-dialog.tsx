import type { InvitationMade } from '@bothands/protocol';
import { fullOf } from '../../../data/times.ts';
import { Modal } from '../../../parts/modal.tsx';
import { Copied } from '../parts/copied.tsx';

export function LinkDialog({ made, onClose }: { made: InvitationMade; onClose: () => void }) {
  const { invitation, link } = made;
  return (
    <Modal title={`Pass this on to ${invitation.name}`} onClose={onClose}>
      <div className="dialog-body">
        <p>
          Whoever opens it chooses a password and is {invitation.name} from then on. It works once, until{' '}
          {fullOf(invitation.expires_at)}, and it is shown only now.
        </p>
        <Copied label="Link" text={link ?? ''} />
      </div>
      <footer className="dialog-foot">
        <button type="button" className="btn" onClick={onClose}>
          Done
        </button>
      </footer>
    </Modal>
  );
}
