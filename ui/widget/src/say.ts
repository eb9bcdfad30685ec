/** The words of the chosen language, and moments, dates and places said in it. */
import { words as english, type Words } from './words/en.ts';

let words: Words = english;
let locale = 'en';
let ordinals = new Intl.PluralRules('en', { type: 'ordinal' });
let clock: Intl.DateTimeFormat;
let day: Intl.DateTimeFormat;
let weekday: Intl.DateTimeFormat;
// The formats are made here, once: one per row costs seconds of script in a busy chat.
speak('en', english);

/* eslint-disable no-restricted-syntax -- once per choice of language, not per row */
export function speak(language: string, chosen: Words) {
  words = chosen;
  locale = language;
  ordinals = new Intl.PluralRules(language, { type: 'ordinal' });
  clock = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  day = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short' });
  weekday = new Intl.DateTimeFormat(language, { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}
/* eslint-enable no-restricted-syntax */

export function say(key: keyof Words, fill: Record<string, string | number> = {}): string {
  return words[key].replace(/\{(\w+)\}/g, (_, name: string) => String(fill[name] ?? ''));
}

const parsed = (moment: string) => {
  const date = new Date(moment);
  return Number.isNaN(date.getTime()) ? null : date;
};

export const sayTime = (moment: string) => {
  const date = parsed(moment);
  return date ? clock.format(date) : '';
};

export const sayDay = (moment: string) => {
  const date = parsed(moment);
  return date ? day.format(date) : moment;
};

/** "Mon 08:00" within the week, "24 Nov, 08:00" beyond it, "08:00" today. */
export function sayReturn(moment: string, now = Date.now()): string {
  const date = parsed(moment);
  if (!date) return '';
  const days = (date.getTime() - now) / 86_400_000;
  if (days < 1 && date.getDate() === new Date(now).getDate()) return clock.format(date);
  return days < 6 ? weekday.format(date) : `${day.format(date)}, ${clock.format(date)}`;
}

const ENGLISH_ENDINGS: Record<string, string> = { one: 'st', two: 'nd', few: 'rd', other: 'th' };

/** 3rd in English, 3.º in Spanish, plain where the language says it with other words. */
export function sayPlace(place: number): string {
  const language = locale.split('-')[0];
  if (language === 'en') return place + ENGLISH_ENDINGS[ordinals.select(place)]!;
  return language === 'es' ? `${place}.º` : String(place);
}
