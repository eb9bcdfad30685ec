import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useDesk, useStops } from '../../app/desk.tsx';
import { useKeys } from '../../commands/keys.ts';
import { keep, useKept } from '../../data/kept.ts';
import { decisionsQuery, entriesQuery } from '../../data/queries.ts';
import { Announcer } from '../../parts/announcer.tsx';
import { Dialogs } from '../dialogs/dialogs.tsx';
import { AgentSide } from './agent-side.tsx';
import { ShopPhone } from './shop-phone.tsx';
import { Tip } from './tip.tsx';
import { TourBar } from './tour-bar.tsx';
import { currentStep, stepsDone, type StepName } from './tour.ts';

type Side = 'customer' | 'agent';

export function BothSides({ ownId }: { ownId: string | null }) {
  useKeys();
  const { place } = useDesk();
  const [chosen, setChosen] = useState<StepName | null>(null);
  const [side, setSide] = useState<Side>('customer');
  const [showsFaq, setShowsFaq] = useState(false);
  const done = useProgress(ownId);
  const current = currentStep(done, chosen);

  // A step that was chosen by hand and is now done gives way to the next one.
  const isChosenDone = chosen !== null && done.has(chosen);
  useEffect(() => {
    if (isChosenDone) setChosen(null);
  }, [isChosenDone]);

  const choose = (name: StepName) => {
    setChosen(name);
    setSide(['ask', 'stump', 'person'].includes(name) ? 'customer' : 'agent');
    setShowsFaq(name === 'faq');
    if (name === 'take-over' && ownId) place.open('open', ownId);
  };
  return (
    <div className="demo" data-step={current?.name} data-side={side}>
      <TourBar done={done} current={current} onStep={choose} />
      <Tip step={current} onSay={() => setSide('customer')} />
      <main className="sides">
        <SideTabs side={side} onSide={setSide} />
        <div className="two">
          <section className="side customer" aria-labelledby="customer-title">
            <h2 className="side-title" id="customer-title">
              <b>You, the customer</b> <span>on your phone, in a made-up shop</span>
            </h2>
            <ShopPhone />
          </section>
          <section className="side agent" aria-labelledby="agent-title">
            <h2 className="side-title" id="agent-title">
              <b>You, the agent</b> <span>the same conversation, seen from the desk</span>
            </h2>
            <AgentSide showsFaq={showsFaq} onShowFaq={setShowsFaq} onTried={() => keep('tour-faq', 'yes')} />
          </section>
        </div>
      </main>
      <Dialogs />
      <Announcer />
    </div>
  );
}

function useProgress(ownId: string | null): Set<StepName> {
  const client = useQueryClient();
  const entries = useQuery({ ...entriesQuery(client, ownId ?? ''), enabled: ownId !== null }).data?.entries ?? [];
  const decisions = useQuery({ ...decisionsQuery(ownId ?? ''), enabled: ownId !== null }).data ?? [];
  const stops = useStops();
  const wasStopped = useKept('tour-stop') === 'yes';
  const hasTriedFaq = useKept('tour-faq') === 'yes';
  const isStopped = stops.length > 0;
  useEffect(() => {
    if (isStopped && ownId) keep('tour-stop', 'yes');
  }, [isStopped, ownId]);
  return stepsDone({ entries, decisions, wasStopped, hasTriedFaq });
}

function SideTabs({ side, onSide }: { side: Side; onSide: (side: Side) => void }) {
  return (
    <div className="side-tabs" role="group" aria-label="Which side">
      <button type="button" className="mode" aria-pressed={side === 'customer'} onClick={() => onSide('customer')}>
        You, the customer
      </button>
      <button type="button" className="mode" aria-pressed={side === 'agent'} onClick={() => onSide('agent')}>
        You, the agent
      </button>
    </div>
  );
}
