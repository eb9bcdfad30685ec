const PATHS = {
  person: 'M8 2a3 3 0 1 1 0 6 3 3 0 0 1 0-6M2.5 14c.6-3 2.8-4.5 5.5-4.5s4.9 1.5 5.5 4.5',
  down: 'M3.5 6 8 10.5 12.5 6',
  dots: 'M3 8h.01M8 8h.01M13 8h.01',
  send: 'M2.5 8h11M9 3.5 13.5 8 9 12.5',
  camera: 'M3 5h2.5l1-1.5h3l1 1.5H13v7.5H3zM8 6.5a2 2 0 1 1 0 4 2 2 0 0 1 0-4',
  cross: 'm4 4 8 8M12 4l-8 8',
  next: 'M6 3.5 10.5 8 6 12.5',
  reopen: 'M3 8a5 5 0 1 0 1.6-3.7M3 2.5v3h3',
  alert: 'M8 2.5 14.5 13.5h-13zM8 6.5v3M8 11.5h.01',
  cloud: 'M2 2l12 12M4.5 6.5A3 3 0 0 0 5 12.500h6.500M8 5a3.500 3.500 0 0 1 4 3.200 2.200 2.200 0 0 1 1 3.300',
};

/** Decoration beside words: hidden from screen readers, mirrored where it points somewhere. */
export function Icon({ name }: { name: keyof typeof PATHS }) {
  const points = name === 'send' || name === 'next' || name === 'reopen';
  return (
    <svg class={points ? 'ic mir' : 'ic'} data-i={name} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** Who speaks, told twice: square and "AI" for the assistant, round with initials for a person. */
export function Face({ kind, initials, small }: { kind: string; initials: string; small?: boolean }) {
  return (
    <span class={`a ${kind === 'agent' ? 'h' : ''} ${kind === 'closed' ? 'z' : ''} ${small ? 's' : ''}`} aria-hidden="true">
      {initials}
    </span>
  );
}
