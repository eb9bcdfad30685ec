import { moodWord } from '../inbox/row-link.tsx';

type Unknown = Record<string, unknown>;

const isRecord = (value: unknown): value is Unknown => typeof value === 'object' && value !== null && !Array.isArray(value);
const share = (value: unknown) => (typeof value === 'number' ? ` ${Math.round(value * 100)} %` : '');

/** What the assistant read in the message, as label and words; what is missing or unknown is left out. */
export function readingLines(reading: unknown, about: string): [label: string, words: string][] {
  if (!isRecord(reading)) return [];
  const lines: [string, string][] = [];
  const topics = Array.isArray(reading.topics) ? reading.topics.filter(isRecord).slice(0, 3) : [];
  if (topics.length > 0) {
    lines.push(['Read as', topics.map((topic) => `${String(topic.title ?? topic.topic)}${share(topic.probability)}`).join(', ')]);
  }
  if (typeof reading.in_scope_probability === 'number') lines.push(['One of ours', share(reading.in_scope_probability).trim()]);
  if (isRecord(reading.emotion) && reading.emotion.label && reading.emotion.label !== 'neutral') {
    lines.push(['Mood', `${moodWord(String(reading.emotion.label))}${spanOf(reading.emotion, about)}`]);
  }
  if (isRecord(reading.wishes_person)) lines.push(['Wishes a person', `yes${spanOf(reading.wishes_person, about)}`]);
  const risks = Array.isArray(reading.risks) ? reading.risks.filter(isRecord) : [];
  if (risks.length > 0) lines.push(['Risks', risks.map((risk) => `${riskWord(String(risk.kind))}${spanOf(risk, about)}`).join(', ')]);
  if (typeof reading.language === 'string') lines.push(['Language', reading.language]);
  return lines;
}

/** Of health and hardship only that there was something is kept once the conversation is closed. */
const riskWord = (kind: string) => (kind === 'unnamed' ? 'one was seen, which is not kept' : kind.replaceAll('_', ' '));

/** The very words that showed it, quoted from the message. */
function spanOf({ span }: Unknown, about: string): string {
  if (!isRecord(span) || typeof span.start !== 'number' || typeof span.end !== 'number') return '';
  const words = about.slice(span.start, span.end).trim();
  return words && words.length < about.trim().length ? ` (“${words}”)` : '';
}
