import { Icon } from '../../parts/icon.tsx';
import { useWidgetIn } from './own-chat.ts';

/** A made-up shop on a phone; the chat inside is the real widget. */
export function ShopPhone() {
  useWidgetIn('#phone-chat');
  return (
    <div className="phone">
      <div className="shop-bar" aria-hidden="true">
        <Icon name="menu" />
        <b>Alder &amp; Loft</b>
        <Icon name="bag" />
      </div>
      <svg className="shop-picture" viewBox="0 48 375 132" preserveAspectRatio="xMidYMid slice" role="img" aria-label="A made bed with a sage linen cover">
        <path className="c5" d="M50 40h275v130H50z" />
        <path className="c1" d="M0 172h375v44H0z" />
        <rect className="c4" x="76" y="78" width="104" height="58" rx="20" />
        <rect className="c4" x="195" y="78" width="104" height="58" rx="20" />
        <path className="c2" d="M34 190c0-46 16-70 50-72 70-5 138-5 207 0 34 2 50 26 50 72z" />
        <path className="c3" d="M34 190c2-20 5-32 9-42 95-12 194-12 289 0 5 10 8 22 9 42z" />
      </svg>
      <div className="shop-words">
        <p>
          <b>Linen duvet cover, sage</b>
        </p>
        <p>200 × 200 cm, €89.00</p>
      </div>
      <div id="phone-chat" className="phone-chat" />
    </div>
  );
}
