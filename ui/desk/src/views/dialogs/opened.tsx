import type { ComponentType } from 'react';
import type { DialogName } from '../../app/handles.ts';
import { CloseDialog } from './close-dialog.tsx';
import { FixBriefDialog } from './fix-brief-dialog.tsx';
import { HandBackDialog } from './hand-back-dialog.tsx';
import { Palette } from './palette.tsx';
import { ShortcutsDialog } from './shortcuts-dialog.tsx';
import { StopDialog } from './stop-dialog.tsx';
import { TransferDialog } from './transfer-dialog.tsx';

const DIALOGS: Record<DialogName, ComponentType> = {
  palette: Palette,
  shortcuts: ShortcutsDialog,
  stop: StopDialog,
  close: CloseDialog,
  'hand-back': HandBackDialog,
  'fix-brief': FixBriefDialog,
  transfer: TransferDialog,
};

export default function Opened({ name }: { name: DialogName }) {
  const Dialog = DIALOGS[name];
  return <Dialog />;
}
