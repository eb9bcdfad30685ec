import { offerWords } from './own-chat.ts';
import type { Step } from './tour.ts';

/** One small tip at a time, in a row of its own, so that nothing below it moves. */
export function Tip({ step, onSay }: { step: Step | null; onSay: () => void }) {
  return (
    <div className="tip-row" data-side={step?.side ?? 'agent'}>
      <div className="tip" role="status">
        <p>
          <b>{step ? step.tip : 'That was the tour.'}</b> {step ? step.detail : 'Go on trying, or leave it for the whole desk.'}
        </p>
        {step?.says.map((words) => (
          <button
            key={words}
            type="button"
            onClick={() => {
              onSay();
              void offerWords(words);
            }}
          >
            {words}
          </button>
        ))}
      </div>
    </div>
  );
}
