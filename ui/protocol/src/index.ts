export type * from './wire.ts';
export type * from './desk.ts';
export type * from './settings.ts';
export * from './line.ts';
export * from './timeline.ts';
export * from './visit.ts';
export * from './outbox.ts';
export * from './chat.ts';
