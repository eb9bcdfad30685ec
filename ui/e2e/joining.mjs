/** An admin invites by keyboard, a newcomer joins by the link, and is out when let go. node joining.mjs BASE ADMIN_LINK */
import { browse } from './browsing.mjs';

const [base, link] = process.argv.slice(2);
const NAME = 'Dee Ray';

await browse(async (walk) => {
  const admin = await walk.person({ refused: /409/ });
  walk.step('the admin signs in');
  await admin.goto(link);
  await admin.getByRole('heading', { name: 'Inbox', level: 2 }).waitFor();

  walk.step('goes to the settings by keyboard');
  await walk.tabTo(admin, 'Settings');
  await admin.keyboard.press('Enter');
  await admin.getByRole('heading', { name: 'People', level: 1 }).waitFor();

  walk.step('invites somebody, wrongly at first');
  await walk.tabTo(admin, 'Invite somebody');
  await admin.keyboard.press('Enter');
  await admin.keyboard.type(NAME);
  await admin.keyboard.press('Tab');
  await admin.keyboard.type('ines@alder-loft.example');
  await admin.keyboard.press('Enter');
  const fault = admin.getByRole('alert').filter({ hasText: 'the e-mail is taken' });
  await fault.waitFor();
  walk.expect(await admin.evaluate(() => document.activeElement?.id === 'invite-email'), 'the field that was refused has the focus');
  await walk.axe(admin, 'invitation refused');

  walk.step('puts it right and gets the link');
  await admin.keyboard.press('ControlOrMeta+a');
  await admin.keyboard.type('dee@alder-loft.example');
  await admin.keyboard.press('Enter');
  const shown = await admin.getByLabel('Link', { exact: true }).inputValue();
  walk.expect(shown.startsWith(`${base}/desk/join#inv_`), `the link leads here (it is ${shown.split('#')[0]})`);
  await walk.axe(admin, 'link shown');
  await walk.tabTo(admin, 'Done');
  await admin.keyboard.press('Enter');

  walk.step('the newcomer joins');
  const dee = await walk.person();
  await dee.goto(shown);
  await dee.getByRole('heading', { name: /^Join the desk/ }).waitFor();
  walk.expect(!dee.url().includes('inv_'), 'the link has left the address bar');
  await walk.axe(dee, 'join');
  await walk.tabTo(dee, 'Choose a password');
  await dee.keyboard.type('a boat, a hill, a lamp');
  await dee.keyboard.press('Enter');
  await dee.getByRole('heading', { name: 'Inbox', level: 2 }).waitFor();
  walk.expect((await dee.getByRole('link', { name: 'Settings' }).count()) === 0, 'an agent sees no settings');

  walk.step('the same link opens nothing twice');
  const late = await walk.person();
  await late.goto(shown);
  await late.getByRole('heading', { name: 'This invitation does not open' }).waitFor();

  walk.step('the admin lets the newcomer go');
  await admin.reload();
  await admin.getByRole('button', { name: `Change ${NAME}` }).press('Enter');
  await walk.tabTo(admin, 'Disabled: cannot sign in');
  await admin.keyboard.press('Space');
  await admin.getByText('signed out everywhere at once').waitFor();
  await walk.axe(admin, 'agent about to be disabled');
  await walk.tabTo(admin, 'Save and disable');
  await admin.keyboard.press('Enter');
  await admin.getByRole('row', { name: new RegExp(`${NAME}.*disabled`) }).waitFor();
  await dee.waitForURL('**/desk/sign-in');
});
