import type { OrderCard } from '@bothands/protocol';

/** What the assistant looked up, as facts: number, lines, where the parcel is. */
export function OrderCardView({ card }: { card: OrderCard }) {
  const lines = (card.lines ?? []).map((line) => (typeof line === 'string' ? { text: line } : line));
  return (
    <div className="card order">
      <div className="order-head">
        <b>Order {card.number}</b>
        {card.total && <span>{card.total}</span>}
      </div>
      {lines.map((line) => (
        <p key={line.text} className="sec">
          {line.text} {'note' in line && line.note && <span className="mut">{line.note}</span>}
        </p>
      ))}
      {card.steps && card.steps.length > 0 && (
        <ol className="steps">
          {card.steps.map((step) => (
            <li key={step.label} className={step.now ? 'now' : step.done ? 'done' : ''} aria-current={step.now ? 'step' : undefined}>
              {step.label}
              {step.at && <span className="mut"> {step.at}</span>}
            </li>
          ))}
        </ol>
      )}
      {card.window && <p className="mut">{card.window}</p>}
    </div>
  );
}
