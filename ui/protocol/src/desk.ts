/** The shapes of the desk's HTTP API and socket. */
import type { AuthorKind, Entry, HolderKind, Moment, Source } from './wire.ts';

export type Role = 'admin' | 'lead' | 'agent';
export type Availability = 'available' | 'away';
export type DeskView = 'yours' | 'handoffs' | 'ai' | 'open' | 'closed';

export interface Me {
  id: string;
  name: string;
  email: string;
  role: Role;
  initials: string;
  permissions: string[];
  availability: Availability;
  csrf: string;
  company: string;
}

export interface SignIn {
  id: string;
  created_at: Moment;
  last_seen_at: Moment;
  is_current: boolean;
  device: string;
}

export interface Reason {
  code: string;
  words: string;
}

/** Whom it is meant for next. With `lapses_at` it is an offer by whoever has it. */
export interface Assigned {
  kind: 'agent' | 'team';
  id: string;
  name: string;
  by_name: string;
  lapses_at: Moment | null;
  /** For this agent, or for a team of theirs. */
  is_yours: boolean;
}

export interface Row {
  id: string;
  contact: { id: string; name: string; is_anonymous: boolean };
  subject: string;
  preview: string;
  holder: { kind: HolderKind; id: string | null; name: string };
  reason: Reason | null;
  waiting_since: Moment | null;
  opened_at: Moment;
  updated_at: Moment;
  closed_at: Moment | null;
  mood: { label: string; trend: number[] };
  topic: string | null;
  seq: number;
  needs_reply: boolean;
  is_simulated: boolean;
  assigned: Assigned | null;
}

export interface RowPage {
  rows: Row[];
  next_cursor: string | null;
  counts: { yours: number; handoffs: number; ai: number; open: number };
}

export interface BriefLine {
  label: 'wants' | 'confirmed' | 'ai_tried' | 'why_you' | 'mood';
  text: string;
  entries: number[];
  certain: boolean;
  /** Who put this line right, in words of their own. */
  corrected_by: string | null;
}

export interface Brief {
  made_at: Moment;
  messages: number;
  lines: BriefLine[];
}

export interface Viewer {
  id: string;
  name: string;
  is_writing: boolean;
}

export interface Receiver {
  kind: 'agent' | 'team';
  id: string;
  name: string;
  is_available: boolean;
  is_free: boolean;
  held: number;
  capacity: number;
  expertise: string[];
  members: number;
  free: number;
}

export interface Receivers {
  people: Receiver[];
  teams: Receiver[];
}

export interface Stop {
  id: string;
  topic: string | null;
  reason: string;
  at: Moment;
  by: string;
}

export interface ContactPanel {
  id: string;
  name: string;
  /** Their own word is a claim; verified is whom the company's own server vouched for. */
  identity: 'anonymous' | 'claimed' | 'verified';
  external_id: string | null;
  email: string | null;
  phone: string | null;
  language: string | null;
  first_seen_at: Moment;
  facts: Record<string, string>;
  earlier: { id: string; subject: string; closed_at: Moment; by: string }[];
}

export interface ConversationView {
  row: Row;
  contact: ContactPanel;
  brief: Brief | null;
  viewers: Viewer[];
  stop: Stop | null;
  tags: Tag[];
}

export interface Tag {
  id: string;
  name: string;
}

export interface TagCount extends Tag {
  conversations: number;
}

export interface TagPage {
  tags: TagCount[];
  next_cursor: string | null;
}

export interface Hit {
  row: Row;
  what: 'message' | 'note' | 'contact' | 'tags';
  seq: number | null;
  author_kind: AuthorKind | null;
  author_name: string | null;
  at: Moment | null;
  text: string;
  /** [start, end) in the characters of the text, not in UTF-16 units. */
  marks: [number, number][];
}

export interface HitPage {
  hits: Hit[];
  next_cursor: string | null;
}

/** A note that mentions oneself: its beginning. */
export interface MentionView {
  row: Row;
  seq: number;
  author_name: string | null;
  text: string;
  at: Moment;
  read_at: Moment | null;
}

export interface MentionPage {
  mentions: MentionView[];
  next_cursor: string | null;
  /** Of all pages, counted up to a thousand. */
  unread: number;
}

/** What one is writing, kept for another device of one's own. */
export interface Unsent {
  mode: 'reply' | 'note';
  text: string;
  written_at: Moment;
}

export interface EntryPage {
  entries: Entry[];
  seq: number;
}

export interface NewMessage {
  client_id: string;
  text: string;
  attachments: string[];
  draft_id: string | null;
  last_seen_seq: number;
}

export interface NewNote {
  client_id: string;
  text: string;
  /** Ids of colleagues whose @Name stands in the text. */
  mentions?: string[];
}

export interface Draft {
  id: string;
  text: string;
  sources: Source[];
  unsourced: { start: number; end: number; text: string }[];
}

export interface Suggestion {
  draft: Draft | null;
  next_step: { text: string; source: Source | null } | null;
}

export interface Decision {
  id: string;
  at: Moment;
  message_seq: number;
  step: 'act' | 'draft' | 'hand_off';
  topic: string | null;
  score: number;
  threshold: number | null;
  certified: boolean;
  reasons: Reason[];
  evidence: Source[];
  reading: Record<string, unknown>;
  versions: Record<string, string>;
}

export type TopicRole = 'ai_acts' | 'ai_drafts' | 'person_only';

export interface CharterTopic {
  topic: string;
  title: string;
  role: TopicRole;
  owner: string;
  reason: string;
  review_on: string | null;
  threshold: number | null;
  certified: boolean;
  stopped: boolean;
}

export interface Charter {
  topics: CharterTopic[];
}

export interface ImportReport {
  articles: number;
  passages: number;
  replies: number;
  questions: number;
  warnings: string[];
}

export type TryOutOutcome = 'answered' | 'asked' | 'handed_over' | 'drafted';

export interface TryOutResult {
  question: string;
  outcome: TryOutOutcome;
  text: string;
  sources: Source[];
  choices: string[];
  reasons: Reason[];
}

/** Hints only: whoever reads one fetches the truth again. */
export type DeskHint =
  | { is: 'changed'; conversation_id: string; seq: number }
  | { is: 'typing'; conversation_id: string; author_kind: 'contact' | 'agent' | 'assistant'; author_name: string }
  | { is: 'viewing'; conversation_id: string; people: Viewer[] }
  | { is: 'stops' }
  | { is: 'knowledge' }
  | { is: 'mentions' }
  | { is: 'missed' }
  | { is: 'released'; count: number }
  | { is: 'pong' };

export type DeskFrame =
  | { do: 'viewing'; conversation_id: string | null }
  | { do: 'typing'; conversation_id: string; is_note: boolean }
  | { do: 'ping' };
