// tests/browser/people.mjs BASE SIGN-INS.json - an administrator and those whom the council works
// with: agencies, roles given and ended, acting as something else, an invitation from link to codes.
import { context } from './browser.mjs';
import { again, base, journey, browser, must, heading, press, sound } from './steps.mjs';

const run = process.pid; // names are of this run alone
const row = (page, text) => page.locator('tbody tr', { hasText: text });

await journey('an administrator sets an agency up, and it takes part no more', 'administrator', async (page, mode) => {
  const name = `Ashmere Police ${run}-${mode.width}`;
  await page.goto(`${base}/agencies`);
  await sound(page, mode, 'agencies');
  await page.click('text="Add an agency"');
  await sound(page, mode, 'a new agency');
  await press(page, 'Add it');
  must(await page.locator('#name-problem').count() === 1, 'an agency without a name is taken');
  await sound(page, mode, 'what is missing');
  await page.fill('#name', name);
  await page.selectOption('#kind', 'police');
  await press(page, 'Add it');
  await row(page, name).locator('a').click();
  must(await heading(page) === name, `landed on ${page.url()}`);
  await sound(page, mode, 'an agency');
  await page.fill('#name', `${name} West`);
  await press(page, 'Change the name');
  must(await heading(page) === `${name} West`, 'the name stays');
  await press(page, 'End this agency');
  must(/Ended/.test(await page.textContent('main')), 'it takes part still');
  await sound(page, mode, 'an agency that ended');
});

await journey('a role is given with its days, and ended with a reason', 'administrator', async (page, mode) => {
  const why = `covers for Ada, ${run}-${mode.width}`;
  await page.goto(`${base}/accounts`);
  await sound(page, mode, 'accounts');
  await row(page, 'Omar Quist').locator('a').click();
  await sound(page, mode, 'an account');
  await page.click('text="Give a role"');
  await again(page, 'administrator');
  await sound(page, mode, 'a role to give');
  await page.selectOption('#role', 'analyst');
  await page.selectOption('#agency', { label: await page.locator('#agency option', { hasText: 'Inclusion team' }).first().textContent() });
  await page.fill('#until', '31/12/2099');
  await press(page, 'Give this role');
  must(await page.locator('#why-problem').count() === 1, 'a role is given without a reason');
  await page.fill('#why', why);
  await press(page, 'Give this role');
  await row(page, why).locator('a').click();
  await sound(page, mode, 'a role');
  await page.fill('#why', 'Ada is back');
  await press(page, 'End this role');
  must(/Over/.test(await row(page, why).textContent()), 'the role goes on');
});

await journey('a SENCO who looks after attendance acts as one or the other', 'senco', async (page, mode) => {
  await page.goto(`${base}/account/role`);
  await sound(page, mode, 'what one acts as');
  const other = await page.locator('.rt-header__me').textContent().then(t => /SENCO/.test(t)) ? 'Attendance lead' : 'SENCO';
  await row(page, other).locator('button').click();
  must((await page.textContent('.rt-header__me')).toLowerCase().includes(other.toLowerCase()), 'nothing has changed');
  await page.goto(`${base}/account/role`);
  await row(page, other === 'SENCO' ? 'Attendance lead' : 'SENCO').locator('button').click();
  await page.goto(`${base}/account`);
  await sound(page, mode, 'the account');
});

await journey('a person is invited, takes the account up, and the link is good no more', 'administrator', async (page, mode) => {
  const login = `zoe.${run}.${mode.width}`;
  await page.goto(`${base}/accounts`);
  await page.click('text="Invite a person"');
  await again(page, 'administrator');
  await sound(page, mode, 'an invitation to make');
  await page.fill('#login', login);
  await press(page, 'Invite this person');
  must(await page.locator('#name-problem').count() === 1, 'somebody without a name is invited');
  await sound(page, mode, 'an invitation with a problem');
  await page.fill('#name', 'Zoe Quill');
  await page.selectOption('#role', 'inclusion-lead');
  await page.selectOption('#agency', { label: await page.locator('#agency option', { hasText: 'Inclusion team' }).first().textContent() });
  await page.fill('#why', 'joins the team');
  await press(page, 'Invite this person');
  must(await heading(page) === 'Your invitation', `landed on ${page.url()}`);
  await sound(page, mode, 'an invitation on paper');
  const link = await page.textContent('.rt-key');
  const other = await context(browser, base, null, mode), own = await other.newPage();
  await own.goto(link);
  await sound(own, mode, 'an invitation taken up');
  for (const [first, second] of [['password1234', 'password1234'], ['quiet lantern harbour', 'quiet lantern harbour']]) {
    await own.fill('#fresh', first);
    await own.fill('#repeated', second);
    await press(own, 'Take the account up');
  }
  must(await heading(own) === 'Set up a second factor', `it asks: ${await heading(own)}`);
  await press(own, 'Use a printed list');
  must(await heading(own) === 'Your printed list', `it shows: ${await heading(own)}`);
  await own.click('text="I have printed or saved them"');
  must((await own.textContent('.rt-header__me')).includes('Zoe Quill'), 'nobody is signed in');
  await other.clearCookies();
  await own.goto(link);
  must(await heading(own) === 'This link is good no more', 'the link is good twice');
  await sound(own, mode, 'a link that is good no more');
  await other.close();
  await page.goto(`${base}/accounts/new`);
  await page.fill('#name', 'Yan Moss');
  await page.fill('#login', `yan.${run}.${mode.width}`);
  await page.fill('#email', 'yan.moss@ashmere.example');
  await page.selectOption('#role', 'analyst');
  await page.selectOption('#agency', { label: await page.locator('#agency option', { hasText: 'Inclusion team' }).first().textContent() });
  await page.fill('#why', 'joins the team');
  await page.selectOption('#how', 'mail');
  await press(page, 'Invite this person');
  must(await heading(page) === 'Mail that was sent', `landed on ${page.url()}`);
  await sound(page, mode, 'mail');
  await row(page, 'Yan Moss').first().locator('a').click();
  must(/There is no passphrase yet/.test(await page.textContent('main')), 'the invitation is not told');
  await sound(page, mode, 'somebody who is invited');
  await press(page, 'Withdraw it');
  must(/no link that is good/.test(await page.textContent('main')), 'the link is good still');
});

await journey('an administrator makes a code that links a person with a provider', 'administrator', async (page, mode) => {
  await page.goto(`${base}/accounts`);
  await row(page, 'Ines Marlow').first().locator('a').click();
  await page.click('text="Single sign-on of this person"');
  await again(page, 'administrator');
  must(/With none/.test(await page.textContent('main')), 'the demonstration is linked');
  await sound(page, mode, 'single sign-on of a person');
  await press(page, 'Make a code');
  must(/^([A-Z2-9]{4}-){3}[A-Z2-9]{4}$/.test((await page.textContent('.rt-key')).trim()), 'there is no code');
  await sound(page, mode, 'a code to hand over');
});

await browser.close();
