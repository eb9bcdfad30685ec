import type { ComponentProps } from 'react';
import { dialog } from '../../app/handles.ts';
import { FormDialog } from '../../parts/form-dialog.tsx';

/** The dialog that is open, with its one act: a refusal is shown inside, with what was filled in kept. */
export function Acting(props: Omit<ComponentProps<typeof FormDialog>, 'onClose'>) {
  return <FormDialog {...props} onClose={() => dialog.set(null)} />;
}
