/** Which languages there are. English is in the bundle, others are fetched when wanted. */
import { speak } from '../say.ts';
import { words as english, type Words } from './en.ts';

const FROM_THE_RIGHT = ['ar', 'fa', 'he', 'ur'];

export async function learn(wanted: string): Promise<{ language: string; dir: 'ltr' | 'rtl' }> {
  const language = wanted.toLowerCase().split('-')[0] ?? 'en';
  const file = __WORDS__[language];
  const fetched = file && (import(/* @vite-ignore */ new URL(file, import.meta.url).href) as Promise<{ words: Words }>);
  const found = fetched ? await fetched.catch(() => null) : null;
  if (found) speak(wanted, found.words);
  else speak(language === 'en' ? wanted : 'en', english);
  const isRtl = found ? FROM_THE_RIGHT.includes(language) : document.documentElement.dir === 'rtl';
  return { language: found ? language : 'en', dir: isRtl ? 'rtl' : 'ltr' };
}
