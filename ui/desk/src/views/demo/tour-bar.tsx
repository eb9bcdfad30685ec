import { Icon } from '../../parts/icon.tsx';
import { STEPS, type Step, type StepName } from './tour.ts';

interface TourBarProps {
  done: ReadonlySet<StepName>;
  current: Step | null;
  onStep: (name: StepName) => void;
}

export function TourBar({ done, current, onStep }: TourBarProps) {
  return (
    <header className="tour">
      <div className="logo">
        <i />
        <h1>
          Bothands<span className="only-read"> demo: both sides of one conversation</span>
        </h1>
      </div>
      <nav aria-label="Tour">
        <ol>
          {STEPS.map((step, index) => (
            <li key={step.name} className={step.name === 'faq' ? 'end' : ''}>
              <button
                type="button"
                aria-current={current?.name === step.name ? 'step' : undefined}
                onClick={() => onStep(step.name)}
              >
                <i className={done.has(step.name) ? 'ok' : ''}>{done.has(step.name) ? <Icon name="check" /> : index + 1}</i>
                {step.title}
                {done.has(step.name) && <span className="only-read">, done</span>}
              </button>
            </li>
          ))}
        </ol>
      </nav>
      <p className="sim">
        <span className="hatch" /> Everything here is simulated but you
      </p>
      <a className="btn quiet" href="/desk/">
        Leave tour
      </a>
    </header>
  );
}
