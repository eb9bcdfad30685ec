import type { Decision } from '@bothands/protocol';
import { useId, useState } from 'react';
import { SourceList } from '../../parts/sourced-text.tsx';
import { Icon } from '../../parts/icon.tsx';
import { readingLines } from './reading-lines.ts';

const STEPS = { act: 'Answered by itself', draft: 'Drafted for a person', hand_off: 'Brought in a person' } as const;

/** Every decision is kept with its reasons; this shows them beside what it led to. */
export function Why({ decision, about, question }: { decision: Decision; about: string; question: string }) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  return (
    <div className="why">
      <button type="button" className="btn quiet small" aria-expanded={isOpen} aria-controls={id} onClick={() => setOpen(!isOpen)}>
        {question} <Icon name="down" />
      </button>
      <div id={id} hidden={!isOpen} className="why-panel">
        {isOpen && <WhyPanel decision={decision} about={about} />}
      </div>
    </div>
  );
}

function WhyPanel({ decision, about }: { decision: Decision; about: string }) {
  return (
    <>
      <dl className="kv">
        <dt>Step</dt>
        <dd>
          <b>{STEPS[decision.step] ?? decision.step}</b>
        </dd>
        {decision.topic && (
          <>
            <dt>Topic</dt>
            <dd>{decision.topic.replaceAll('_', ' ')}</dd>
          </>
        )}
        <dt>Score</dt>
        <dd>
          <Scale score={decision.score} threshold={decision.threshold} /> <Certified isCertified={decision.certified} />
        </dd>
        <dt>Because</dt>
        <dd>
          <ul>
            {decision.reasons.map((reason) => (
              <li key={reason.code + reason.words}>{reason.words || reason.code.replaceAll('_', ' ')}</li>
            ))}
          </ul>
        </dd>
        {readingLines(decision.reading, about).map(([label, words]) => (
          <ReadingLine key={label} label={label} words={words} />
        ))}
      </dl>
      <SourceList sources={decision.evidence ?? []} />
      <Versions versions={decision.versions} />
    </>
  );
}

function ReadingLine({ label, words }: { label: string; words: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{words}</dd>
    </>
  );
}

function Certified({ isCertified }: { isCertified: boolean }) {
  if (isCertified) return <span className="tag hu">certified</span>;
  return <span className="tag warn" title="No reviewed outcomes stand behind this threshold yet">uncertified</span>;
}

const two = (value: number) => value.toFixed(2);

function Scale({ score, threshold }: { score: number | null; threshold: number | null }) {
  if (score === null || score === undefined) return <span className="mut">none</span>;
  const needs = threshold === null || threshold === undefined ? '' : ` of ${two(threshold)} needed`;
  return (
    <span className="scale">
      <svg width="90" height="10" viewBox="0 0 90 10" aria-hidden="true">
        <rect className="track" y="3" width="90" height="4" rx="2" />
        <rect className="bar" y="3" width={Math.max(2, Math.min(1, score) * 90)} height="4" rx="2" />
        {threshold !== null && threshold !== undefined && <path className="mark" d={`M${Math.min(1, threshold) * 89 + 0.5} 0v10`} />}
      </svg>
      {two(score)}
      {needs}
    </span>
  );
}

function Versions({ versions }: { versions: Record<string, string> | undefined }) {
  const pairs = Object.entries(versions ?? {});
  if (pairs.length === 0) return null;
  return <p className="mut versions">{pairs.map(([name, version]) => `${name} ${version}`).join(' · ')}</p>;
}
