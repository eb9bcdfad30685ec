import type { InboxView } from '@bothands/protocol';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string) => text.replace(/[&<>"]/g, (sign) => ESCAPES[sign]!);

/** The one line that puts the chat on a page. */
export function snippetOf(inbox: Pick<InboxView, 'script_url' | 'slug'>, greeting: string): string {
  const said = greeting.trim() ? ` data-greeting="${escape(greeting.trim())}"` : '';
  return `<script src="${escape(inbox.script_url)}" data-inbox="${escape(inbox.slug)}"${said}></script>`;
}

/** One origin a line, or with commas. */
export const originsOf = (text: string) => text.split(/[\s,]+/).filter(Boolean);
