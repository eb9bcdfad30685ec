/** The shapes that cross the wire, written as the server writes them: snake_case, moments as RFC 3339 in UTC. */

export type Moment = string;

export type AuthorKind = 'contact' | 'assistant' | 'agent' | 'system';
export type HolderKind = 'assistant' | 'queue' | 'agent';
export type EntryKind =
  | 'message'
  | 'note'
  | 'reading'
  | 'decision'
  | 'transfer'
  | 'closing'
  | 'reopening'
  | 'rating'
  | 'tagging';

/** Where a sentence was read: the number stands as [1] in the message body. */
export interface Source {
  number: number;
  title: string;
  section?: string | null;
  url?: string | null;
  kind: 'reply' | 'table' | 'article' | 'order';
  article_id?: string | null;
  checked_at?: Moment | null;
}

export interface Attachment {
  id: string;
  name: string;
  media_type: string;
  bytes: number;
}

export interface CardStep {
  label: string;
  at?: string | null;
  done?: boolean;
  now?: boolean;
}

export interface CardLine {
  text: string;
  note?: string | null;
  done?: boolean;
}

export interface CardAction {
  label: string;
  /** What is sent in the contact's name; the label when absent. */
  says?: string | null;
  asks_person?: boolean;
}

/** What the assistant looked up or did, shown as facts rather than prose. */
export interface OrderCard {
  kind: 'order';
  number: string;
  total?: string | null;
  lines?: (string | CardLine)[];
  steps?: CardStep[];
  window?: string | null;
  actions?: (string | CardAction)[];
}

export interface MessageRef {
  sources?: Source[];
  choices?: string[];
  asks?: Record<string, unknown> | null;
  card?: OrderCard | null;
  attachments?: Attachment[];
  decision_id?: string | null;
  draft_id?: string | null;
  /** A note that says for whom the conversation is, or (null) that it no longer is. */
  assignment?: (Party & { note: string }) | null;
}

export interface Party {
  kind: AuthorKind | HolderKind;
  id?: string | null;
  name?: string | null;
}

export interface TransferRef {
  from: Party;
  to: Party;
  reason?: string | null;
  words?: string | null;
}

export interface ClosingRef {
  reason?: string | null;
  by?: Party | null;
  agreed?: string | null;
}

interface EntryOf<Kind extends EntryKind, Ref> {
  conversation_id: string;
  seq: number;
  id: string;
  kind: Kind;
  author_kind: AuthorKind;
  author_id: string | null;
  author_name: string | null;
  disclosure: string | null;
  body: string;
  ref: Ref;
  at: Moment;
  client_id: string | null;
}

/** Where a note names a colleague: [start, end) in the characters of its text, not in UTF-16 units. */
export interface MentionSpan {
  id: string;
  name: string;
  start: number;
  end: number;
}

export interface NoteRef extends MessageRef {
  mentions?: MentionSpan[];
}

export type MessageEntry = EntryOf<'message', MessageRef>;
export type NoteEntry = EntryOf<'note', NoteRef>;
export type TransferEntry = EntryOf<'transfer', TransferRef>;
export type ClosingEntry = EntryOf<'closing', ClosingRef>;
export type OtherEntry = EntryOf<'reading' | 'decision' | 'reopening' | 'rating' | 'tagging', Record<string, unknown>>;

/** One row of the timeline, the same shape in every place it is shown. */
export type Entry = MessageEntry | NoteEntry | TransferEntry | ClosingEntry | OtherEntry;

/** RFC 9457: what went wrong, why, and what to do about it. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  code: string;
  thing?: string;
  cause?: string;
  cure?: string;
  retry_after_seconds?: number;
}

export interface WaitRange {
  low_minutes: number;
  high_minutes: number;
}

export interface QueueQuestion {
  id: 'order' | 'photo' | (string & {});
  text: string;
  kind: 'choice' | 'text' | 'photo';
  choices: string[];
}

export interface Queue {
  place: number;
  asked_at: Moment;
  wait: WaitRange | null;
  waited_seconds: number;
  questions: QueueQuestion[];
  contact_left: boolean;
}

export interface Closed {
  at: Moment;
  by: string;
  may_reopen_until: Moment | null;
  agreed: string | null;
}

export interface People {
  on_duty: boolean;
  open_until: string | null;
  next_open_at: Moment | null;
  wait: WaitRange | null;
}

/** Everything about a visitor's conversation that is not an entry. */
export interface State {
  holder: { kind: HolderKind; name: string; initials: string };
  closed: Closed | null;
  rated: boolean;
  people: People;
  queue: Queue | null;
}

export type Solved = 'yes' | 'partly' | 'no';

export interface SendFrame {
  do: 'send';
  client_id: string;
  text: string;
  attachments: string[];
}
export interface AskPersonFrame {
  do: 'ask_person';
  client_id: string;
}
export interface HelloFrame {
  do: 'hello';
  key: string | null;
  since: number;
  page: string;
  language: string;
}

/** What the visitor's side says. */
export type VisitorFrame =
  | HelloFrame
  | SendFrame
  | AskPersonFrame
  | { do: 'cancel_person' }
  | { do: 'typing' }
  | { do: 'seen'; seq: number }
  | { do: 'catch_up'; since: number }
  | { do: 'answer'; question: string; value: string | null }
  | { do: 'leave_address'; email: string; phone: string; name: string }
  | { do: 'rate'; solved: Solved | null; score: number | null; comment: string }
  | { do: 'reopen' }
  | { do: 'ping' };

export interface WelcomeFrame {
  is: 'welcome';
  key: string;
  conversation_id: string | null;
  company: string;
  assistant: { name: string; disclosure: string };
  state: State;
}

/** What the server says to the visitor. */
export type ServerFrame =
  | WelcomeFrame
  | { is: 'entries'; entries: Entry[]; seq: number }
  | { is: 'state'; state: State }
  | { is: 'stored'; client_id: string; seq: number }
  | { is: 'refused'; client_id: string | null; error: Problem }
  | { is: 'typing'; author_kind: 'assistant' | 'agent'; author_name: string }
  | { is: 'pong' };
