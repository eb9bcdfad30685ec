/** Compared by tsc: the shapes the desk reads and writes, against the schema made from the application. */
import type * as desk from '../src/desk.ts';
import type { components } from '../src/schema.d.ts';
import type { Attachment, Entry, Problem } from '../src/wire.ts';

type Schema = components['schemas'];

/** Without the closed lists of words that only the desk knows: the schema says string. */
type Wide<T> = T extends string
  ? string
  : T extends number
    ? number
    : T extends boolean
      ? boolean
      : T extends readonly (infer Each)[]
        ? Wide<Each>[]
        : T extends object
          ? { [Key in keyof T]-?: Wide<T[Key]> }
          : T;

/** What the server sends holds all that the desk reads: an optional field that is never sent is a difference too. */
type Reads<Read, Sent> = [Wide<Sent>] extends [Wide<Read>] ? true : { desk: Wide<Read>; server: Wide<Sent> };

/** What the desk writes is taken by the server, which refuses fields it does not know. */
type Writes<Written, Taken> = [Wide<Written>] extends [Wide<Taken>]
  ? [keyof Written] extends [keyof Taken]
    ? true
    : { unknown: Exclude<keyof Written, keyof Taken> }
  : { desk: Wide<Written>; server: Wide<Taken> };

type Is<Check extends true> = Check;

/** A timeline entry's ref is open in the schema: each room keeps its own things in it. */
type Plain<Of extends { ref: unknown }> = Omit<Of, 'ref'>;

export type Agreement = [
  Is<Reads<desk.Me, Schema['Me']>>,
  Is<Reads<desk.SignIn, Schema['SignInView']>>,
  Is<Reads<desk.Row, Schema['Row']>>,
  Is<Reads<Omit<desk.RowPage, 'counts'>, Omit<Schema['RowPage'], 'counts'>>>,
  Is<Reads<desk.Brief, Schema['BriefView']>>,
  Is<Reads<Omit<desk.ConversationView, 'contact'>, Omit<Schema['ConversationView'], 'contact'>>>,
  Is<Reads<Omit<desk.ContactPanel, 'facts' | 'earlier'>, Schema['ContactPanel']>>,
  Is<Reads<Plain<Extract<Entry, { kind: 'message' }>>, Plain<Schema['Entry']>>>,
  Is<Reads<desk.Receivers, Schema['ReceiversView']>>,
  Is<Reads<desk.Suggestion, Schema['Suggestion']>>,
  // Evidence is kept as it was then: sources of older shapes may be among it.
  Is<Reads<Omit<desk.Decision, 'evidence'>, Schema['DecisionView']>>,
  Is<Reads<desk.Stop, Schema['StopView']>>,
  Is<Reads<desk.Charter, Schema['CharterView']>>,
  Is<Reads<desk.ImportReport, Schema['ImportReport']>>,
  Is<Reads<desk.TryOutResult, Schema['Tried']>>,
  Is<Reads<Attachment, Schema['FileView']>>,
  Is<Reads<Omit<Problem, 'retry_after_seconds'>, Schema['Problem']>>,
  Is<Writes<desk.NewMessage, Schema['MessageInput']>>,
  Is<Writes<{ to: Pick<desk.Receiver, 'kind' | 'id'>; note: string; anyway: boolean }, Schema['TransferInput']>>,
  Is<Writes<{ to: Pick<desk.Receiver, 'kind' | 'id'>; note: string }, Schema['AssignmentInput']>>,
  Is<Writes<desk.NewNote, Schema['NoteInput']>>,
  Is<Writes<Pick<desk.BriefLine, 'label' | 'text'>, Schema['BriefLineInput']>>,
  Is<Writes<{ role: desk.TopicRole; reason: string }, Schema['RoleInput']>>,
  Is<Writes<{ topic: string | null; reason: string }, Schema['StopInput']>>,
];
