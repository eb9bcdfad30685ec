import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useDesk } from '../../app/desk.tsx';
import { announce } from '../../app/handles.ts';
import { conversationQuery } from '../../data/queries.ts';
import { LABELS } from '../conversation/brief-card.tsx';
import { Acting } from './acting.tsx';

const LINE_CHARS_MAX = 300;

export function FixBriefDialog() {
  const { actions, place } = useDesk();
  const id = place.conversationId ?? '';
  const brief = useQuery({ ...conversationQuery(id), enabled: id !== '' }).data?.brief;
  const [texts, setTexts] = useState<Record<string, string>>({});
  if (!brief) return null;
  const textOf = (label: string, before: string) => texts[label] ?? before;
  const changed = brief.lines.filter((line) => textOf(line.label, line.text).trim() !== line.text);
  const act = async () => {
    for (const line of changed) await actions.fixBrief(id, line.label, textOf(line.label, line.text).trim() || 'nothing');
    announce('The brief is corrected.');
  };
  return (
    <Acting title="Fix the brief" act="Save the correction" isReady={changed.length > 0} onAct={act}>
      {brief.lines.map((line, index) => (
        <div className="field" key={line.label}>
          <label htmlFor={`fix-${line.label}`}>{LABELS[line.label]}</label>
          <input
            id={`fix-${line.label}`}
            className="input"
            dir="auto"
            autoFocus={index === 0}
            maxLength={LINE_CHARS_MAX}
            value={textOf(line.label, line.text)}
            onChange={(event) => setTexts({ ...texts, [line.label]: event.target.value })}
          />
        </div>
      ))}
      <p className="mut">Your words replace the AI’s in the brief, under your name, and stay when it is made anew.</p>
    </Acting>
  );
}
