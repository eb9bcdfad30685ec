import type { ReactNode } from 'react';
import { Dialog, Heading, Modal as AriaModal, ModalOverlay } from 'react-aria-components';

interface ModalProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
  isWide?: boolean;
  isTitleHidden?: boolean;
}

export function Modal({ title, onClose, children, isWide = false, isTitleHidden = false }: ModalProps) {
  return (
    <ModalOverlay className="veil" isOpen isDismissable onOpenChange={(isOpen) => !isOpen && onClose()}>
      <AriaModal className={isWide ? 'dialog-box wide' : 'dialog-box'}>
        <Dialog>
          <Heading slot="title" level={2} className={isTitleHidden ? 'only-read' : 'dialog-title'}>
            {title}
          </Heading>
          {children}
        </Dialog>
      </AriaModal>
    </ModalOverlay>
  );
}
