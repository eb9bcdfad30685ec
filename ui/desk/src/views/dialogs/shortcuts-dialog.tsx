import { dialog } from '../../app/handles.ts';
import { commands } from '../../commands/registry.ts';
import { Modal } from '../../parts/modal.tsx';
import { ShortcutCaps, Caps } from '../../parts/shortcut-caps.tsx';

export function ShortcutsDialog() {
  const listed = commands.filter((command) => command.shortcut);
  return (
    <Modal title="Shortcuts" onClose={() => dialog.set(null)} isWide>
      <div className="dialog-body">
        <ul className="keys-grid">
          {listed.map((command) => (
            <li key={command.id}>
              {command.label}
              <span className="combo">
                <ShortcutCaps command={command} />
              </span>
            </li>
          ))}
          <li>
            Open the marked conversation
            <span className="combo">
              <Caps shortcut="Enter" />
            </span>
          </li>
          <li>
            Take the AI’s draft
            <span className="combo">
              <kbd>Tab</kbd>
            </span>
          </li>
          <li>
            Discard the draft, leave the field
            <span className="combo">
              <kbd>Esc</kbd>
            </span>
          </li>
        </ul>
        <p className="mut">Change or switch off any of them on the page “You”.</p>
      </div>
      <footer className="dialog-foot">
        <button type="button" className="btn" autoFocus onClick={() => dialog.set(null)}>
          Close
        </button>
      </footer>
    </Modal>
  );
}
