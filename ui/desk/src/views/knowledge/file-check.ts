export const FILE_KINDS = ['.md', '.csv', '.txt'];
export const FILE_BYTES_MAX = 2_000_000;
export const FILES_MAX = 50;

/** A plain word on what cannot be taken, before anything is sent. */
export function checkedFiles(files: readonly Pick<File, 'name' | 'size'>[]): string | null {
  if (files.length === 0) return 'No file: drop or choose at least one.';
  if (files.length > FILES_MAX) return `Too many files: ${files.length} at once, at most ${FILES_MAX}. Bring them in parts.`;
  for (const file of files) {
    const kind = FILE_KINDS.find((known) => file.name.toLowerCase().endsWith(known));
    if (!kind) return `${file.name}: not a kind that can be read. Save it as .md, .csv or .txt.`;
    if (file.size > FILE_BYTES_MAX) return `${file.name}: larger than 2 MB. Split it.`;
    if (file.size === 0) return `${file.name}: it is empty. Choose another file.`;
  }
  return null;
}

/** Pasted text carries no name: its shape tells how it is to be read. */
export function nameFor(text: string): string {
  const first = text.trim().split('\n', 1)[0]!.toLowerCase();
  if (/^"?question"?\s*[,;\t]/.test(first)) return 'pasted.csv';
  return /^(---|#)/.test(text.trim()) ? 'pasted.md' : 'pasted.txt';
}

export const QUESTIONS_MAX = 50;

/** One question a line; list marks and empty lines do not count. */
export function questionsOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/^\s*(?:[-*•]|\d+[.)])\s+/, '').trim())
    .filter(Boolean);
}
