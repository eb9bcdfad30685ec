import { setTheme, themeNow, type Theme } from '../../app/theme.ts';
import { useKept } from '../../data/kept.ts';
import { setDirection } from '../../app/theme.ts';
import { Box } from '../../parts/box.tsx';

const THEMES: [theme: Theme, words: string][] = [
  ['system', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];

export function Look() {
  useKept('theme');
  const isRtl = useKept('dir') === 'rtl';
  const theme = themeNow();
  return (
    <Box title="How the desk looks">
      <fieldset className="pick">
        <legend>Theme</legend>
        {THEMES.map(([value, words]) => (
          <label key={value}>
            <input type="radio" name="theme" checked={theme === value} onChange={() => setTheme(value)} />
            {words}
          </label>
        ))}
      </fieldset>
      <label className="check">
        <input type="checkbox" checked={isRtl} onChange={(event) => setDirection(event.target.checked ? 'rtl' : 'ltr')} />
        Right to left
      </label>
    </Box>
  );
}
