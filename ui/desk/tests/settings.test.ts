import { expect, test } from 'vitest';
import { Refused } from '../src/data/call.ts';
import { tagsOf } from '../src/views/settings/data.ts';
import { originsOf, snippetOf } from '../src/views/settings/inboxes/snippet.ts';
import { faultOf } from '../src/parts/form-dialog.tsx';
import { isExpired } from '../src/views/settings/people/invitations-table.tsx';

const inbox = { script_url: 'https://desk.example/widget.js', slug: 'shop' };

test('the line for a page carries the greeting, and nothing a greeting could add', () => {
  expect(snippetOf(inbox, ' ')).toBe('<script src="https://desk.example/widget.js" data-inbox="shop"></script>');
  expect(snippetOf(inbox, '"><img src=x>')).toBe(
    '<script src="https://desk.example/widget.js" data-inbox="shop" data-greeting="&quot;&gt;&lt;img src=x&gt;"></script>',
  );
});

test('lists are read as people write them', () => {
  expect(originsOf(' https://a.example,\nhttps://b.example\n\n')).toEqual(['https://a.example', 'https://b.example']);
  expect(tagsOf('returns, sizes ,, ')).toEqual(['returns', 'sizes']);
});

const refused = (code: string, thing: string) =>
  new Refused({ type: '', title: '', status: 409, code, thing, cause: 'it is taken', cure: 'use another' });

test('a refusal stands at the field that it names, any other below the form', () => {
  const fields = { 'e-mail address': 'email', 'agent-known': 'email', name: 'name', inbox: 'slug' };
  expect(faultOf(refused('bad-address', 'e-mail address'), fields).at).toBe('email');
  expect(faultOf(refused('agent-known', 'agent bo@shop.example'), fields).at).toBe('email');
  expect(faultOf(refused('inbox-known', "inbox 'help'"), fields)).toEqual({ at: 'slug', words: "Inbox 'help': it is taken. Use another." });
  expect(faultOf(refused('too-many', 'calls'), fields).at).toBe('');
  expect(faultOf(new Error('broken'), fields)).toEqual({ at: '', words: 'broken' });
});

test('an invitation is over when its time is', () => {
  const now = Date.parse('2026-11-22T10:00:00Z');
  expect(isExpired({ expires_at: '2026-11-22T10:00:00Z' }, now)).toBe(true);
  expect(isExpired({ expires_at: '2026-11-22T10:00:01Z' }, now)).toBe(false);
});
