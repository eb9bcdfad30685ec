/** The first that fits: most browsers also name those that they want to be taken for. */
const BROWSERS: [sign: string, name: string][] = [
  ['Edg', 'Edge'],
  ['OPR/', 'Opera'],
  ['Firefox/', 'Firefox'],
  ['FxiOS/', 'Firefox'],
  ['Chrome/', 'Chrome'],
  ['CriOS/', 'Chrome'],
  ['Safari/', 'Safari'],
];
const SYSTEMS: [sign: string, name: string][] = [
  ['iPhone', 'an iPhone'],
  ['iPad', 'an iPad'],
  ['Android', 'Android'],
  ['Windows', 'Windows'],
  ['Mac OS', 'a Mac'],
  ['CrOS', 'ChromeOS'],
  ['Linux', 'Linux'],
];

const named = (agent: string, names: typeof BROWSERS) => names.find(([sign]) => agent.includes(sign))?.[1];

/** "Mozilla/5.0 (X11; Linux x86_64) …" → "Firefox on Linux"; what is not known is shown as it came. */
export function deviceOf(agent: string | null | undefined): string {
  if (!agent) return 'Browser';
  const browser = named(agent, BROWSERS);
  const system = named(agent, SYSTEMS);
  return browser && system ? `${browser} on ${system}` : agent;
}
