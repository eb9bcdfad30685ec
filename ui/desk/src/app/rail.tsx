import { may, type Page } from '../commands/command.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { useUnreadMentions } from '../views/mentions/unread.ts';
import { useDesk } from './desk.tsx';

const PAGES: [page: Page, title: string, icon: IconName][] = [
  ['inbox', 'Inbox', 'inbox'],
  ['mentions', 'Mentions', 'at'],
  ['search', 'Search', 'find'],
  ['knowledge', 'Knowledge', 'book'],
  ['charter', 'Charter', 'scales'],
  ['settings', 'Settings', 'gear'],
  ['me', 'You', 'person'],
];

/** No more digits fit. */
const UNREAD_SHOWN_MAX = 100;

export const addressOf = (page: Page) => (page === 'inbox' ? '/desk/' : `/desk/${page}`);

export function Rail() {
  const { me, place } = useDesk();
  const unread = useUnreadMentions();
  const shown = PAGES.filter(([page]) => page !== 'settings' || may(me, 'agents.read'));
  return (
    <nav className="rail" aria-label="Pages">
      {shown.map(([page, title, icon]) => (
        <a
          key={page}
          href={addressOf(page)}
          aria-label={page === 'mentions' && unread > 0 ? `${title}, ${unread} unread` : title}
          title={title}
          aria-current={place.page === page ? 'page' : undefined}
          onClick={(event) => {
            if (event.ctrlKey || event.metaKey) return;
            event.preventDefault();
            place.go(page);
          }}
        >
          <Icon name={icon} />
          {page === 'mentions' && unread > 0 && <b>{unread < UNREAD_SHOWN_MAX ? unread : `${UNREAD_SHOWN_MAX - 1}+`}</b>}
        </a>
      ))}
    </nav>
  );
}
