import type { Brief, BriefLine, Row } from '@bothands/protocol';
import { useDesk } from '../../app/desk.tsx';
import { keep, useKept } from '../../data/kept.ts';
import { Icon } from '../../parts/icon.tsx';
import { Sparkline } from '../../parts/sparkline.tsx';
import { BriefCheck } from './brief-check.tsx';

export const LABELS: Record<BriefLine['label'], string> = {
  wants: 'Wants',
  confirmed: 'Confirmed',
  ai_tried: 'AI tried',
  why_you: 'Why you',
  mood: 'Mood',
};
const ORDER = Object.keys(LABELS) as BriefLine['label'][];

interface BriefCardProps {
  brief: Brief;
  row: Row;
  onPoint: (seqs: readonly number[]) => void;
}

/** Five fixed lines in a fixed order; each leads to the messages it was read from. */
export function BriefCard({ brief, row, onPoint }: BriefCardProps) {
  const lines = ORDER.flatMap((label) => brief.lines.filter((line) => line.label === label));
  const chosen = useKept('brief-folded');
  const isFolded = chosen === null ? isSmallScreen() : chosen === 'yes';
  return (
    <section className={isFolded ? 'brief folded' : 'brief'} aria-labelledby="brief-title">
      <header>
        <button
          type="button"
          className="brief-fold"
          aria-expanded={!isFolded}
          aria-controls="brief-lines"
          onClick={() => keep('brief-folded', isFolded ? 'no' : 'yes')}
        >
          <Icon name="down" />
          <h3 id="brief-title">Handoff brief</h3>
        </button>
        <span className="tag ai">{madeOf(brief, row)}</span>
        <BriefCheck brief={brief} conversationId={row.id} />
      </header>
      <dl id="brief-lines" hidden={isFolded}>
        {lines.map((line) => (
          <Line key={line.label} line={line} row={row} onPoint={onPoint} />
        ))}
      </dl>
    </section>
  );
}

/** Where there is room for one thing only, the messages come first; the brief is one press away. */
const isSmallScreen = () => matchMedia('(max-width: 759px), (max-height: 640px)').matches;

function madeOf(brief: Brief, row: Row): string {
  const minutes = Math.max(1, Math.round((Date.parse(brief.made_at) - Date.parse(row.opened_at)) / 60_000));
  return `AI, ${minutes} min, ${brief.messages} ${brief.messages === 1 ? 'message' : 'messages'}`;
}

interface LineProps {
  line: BriefLine;
  row: Row;
  onPoint: (seqs: readonly number[]) => void;
}

function Line({ line, row, onPoint }: LineProps) {
  const label = LABELS[line.label];
  const { me } = useDesk();
  return (
    <>
      <dt>{label}</dt>
      <dd className={line.label === 'mood' ? 'mood' : ''}>
        {line.label === 'mood' && (
          <Sparkline trend={row.mood.trend} width={110} height={22} withEnd label={`Mood over ${row.mood.trend.length} messages`} />
        )}
        {line.label === 'confirmed' && line.certain && line.entries.length > 0 && (
          <span className="sure" aria-hidden="true">
            ✓
          </span>
        )}
        <LinkedText line={line} label={label} onPoint={onPoint} />
        {!line.certain && line.entries.length > 0 && line.label !== 'mood' && <span className="tag" title="The customer says so; nobody has checked it">said, not checked</span>}
        {line.corrected_by && <span className="tag hu">put right by {line.corrected_by === me.name ? 'you' : line.corrected_by}</span>}
      </dd>
    </>
  );
}

function LinkedText({ line, label, onPoint }: { line: BriefLine; label: string; onPoint: (seqs: readonly number[]) => void }) {
  if (line.entries.length === 0) return <span className={line.text === 'nothing' ? 'mut' : ''}>{line.text}</span>;
  return (
    <button type="button" className="brief-link" onClick={() => onPoint(line.entries)}>
      <span className="only-read">{label}: </span>
      <bdi>{line.text}</bdi>
      <span className="only-read">, show the message</span>
    </button>
  );
}
