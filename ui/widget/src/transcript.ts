/** The conversation as a plain text file, made in the browser. */
import type { Visit } from '@bothands/protocol';
import { say } from './say.ts';

export function transcriptOf(visit: Visit): string {
  const lines = visit.entries.flatMap((entry) => {
    const stamp = entry.at.slice(0, 16).replace('T', ' ');
    if (entry.kind === 'transfer') return [`${stamp} · ${entry.ref.from.name ?? entry.ref.from.kind} → ${entry.ref.to.name ?? entry.ref.to.kind}`];
    if (entry.kind !== 'message') return [];
    const who = entry.author_kind === 'contact' ? say('you') : (entry.author_name ?? say('assistant'));
    const sources = (entry.ref.sources ?? []).map((source) => `    [${source.number}] ${[source.title, source.section, source.url].filter(Boolean).join(', ')}`);
    const photos = (entry.ref.attachments ?? []).map((file) => `    ${say('photo', { name: file.name })}`);
    return [`${stamp} ${who}: ${entry.body}`, ...sources, ...photos];
  });
  return [`${visit.company} · ${say('transcript')} (UTC)`, '', ...lines, ''].join('\n');
}

export function downloadTranscript(visit: Visit) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([transcriptOf(visit)], { type: 'text/plain;charset=utf-8' }));
  link.download = `${(visit.company || 'chat').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-')}-${new Date().toISOString().slice(0, 10)}.txt`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
