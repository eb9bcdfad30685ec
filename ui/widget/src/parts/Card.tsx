/** An order as the assistant found it: facts, steps, and what can be done next. */
import type { OrderCard } from '@bothands/protocol';
import { useRoom } from '../room.ts';
import { say, sayDay } from '../say.ts';

/** The shop may say "18 Nov" or give a moment; a moment is put into the reader's words. */
const sayStep = (at: string) => (/^\d{4}-\d\d-\d\d/.test(at) ? sayDay(at) : at);

export function OrderCardView({ card, isOpen }: { card: OrderCard; isOpen: boolean }) {
  const { chat, focusComposer } = useRoom();
  const { lines = [], steps = [], actions = [] } = card;
  return (
    <div class="cd">
      <div class="r">
        <b>{say('order', { number: card.number })}</b>
        {card.total && <b class="num">{card.total}</b>}
      </div>
      {lines.map((line, i) => {
        const { text, note, done } = typeof line === 'string' ? { text: line, note: null, done: false } : line;
        return (
          <div class="hint" key={i}>
            {done ? '✓ ' : ''}
            {note ? `${text}: ${note}` : text}
          </div>
        );
      })}
      {steps.length > 0 && (
        <ol class="steps" aria-label={say('order_steps')}>
          {steps.map((step, i) => (
            <li key={i} class={step.now ? 'now' : step.done ? 'd' : ''} aria-current={step.now ? 'step' : undefined}>
              {step.label}
              <span class="vh"> {step.now ? say('step_now') : step.done ? say('step_done') : ''}</span>
              {step.at && (
                <>
                  <br /> {sayStep(step.at)}
                </>
              )}
            </li>
          ))}
        </ol>
      )}
      {card.window && <b>{card.window}</b>}
      {isOpen && actions.length > 0 && (
        <div class="two">
          {actions.map((given) => {
            const action = typeof given === 'string' ? { label: given } : given;
            const asks = 'asks_person' in action && action.asks_person;
            const act = () => {
              if (asks) chat.askPerson();
              else chat.send(('says' in action && action.says) || action.label, []);
              focusComposer();
            };
            return (
              <button type="button" class={`b ${asks ? 'hub' : ''}`} key={action.label} onClick={act}>
                {action.label}
              </button>
            );
          })}
        </div>
      )}
    </div>
  );
}
