import type { AuthorKind } from '@bothands/protocol';

export function initialsOf(name: string | null | undefined): string {
  if (name === 'You') return name;
  const words = (name ?? '').split(/\s+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters.map((word) => Array.from(word ?? '')[0]?.toUpperCase() ?? '').join('') || '?';
}

/** Always beside a name in words, so it stays silent for a screen reader. */
export function Avatar({ kind, name }: { kind: AuthorKind; name: string | null | undefined }) {
  const look = kind === 'assistant' ? ' ai' : kind === 'agent' ? ' hu' : '';
  return (
    <span className={`av${look}`} aria-hidden="true">
      {kind === 'assistant' ? 'AI' : initialsOf(name)}
    </span>
  );
}
