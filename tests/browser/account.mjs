// tests/browser/account.mjs BASE SIGN-INS.json - one's own account: a code after the passphrase, both
// again, a program's key, codes on paper, a sign-in ended from another; an administrator's pages.
import { context, giveCode } from './browser.mjs';
import { base, as, browser, say, must, heading, press, sound } from './steps.mjs';

const MODES = [{ name: '', width: 1280, javaScriptEnabled: true },
  { name: ', on a phone without a script', width: 375, javaScriptEnabled: false }];

async function journey(name, steps) {
  for (const mode of MODES) {
    const c = await context(browser, base, null, mode);
    try {
      await steps(await c.newPage(), mode, c);
      say(true, name + mode.name);
    } catch (e) {
      say(false, name + mode.name, e.message.split('\n')[0]);
    } finally { await c.close(); }
  }
}

async function passphrase(page, who) {
  await page.goto(`${base}/sign-in`);
  await page.fill('#login', who.login);
  await page.fill('#passphrase', who.passphrase);
  await page.click('main button.govuk-button');
}

await journey('an officer signs in, makes new codes on paper, and signs in with one', async (page, mode) => {
  const who = as('governance-officer');
  await passphrase(page, who);
  must(await heading(page) === 'Your code', `it asks: ${await heading(page)}`);
  await sound(page, mode, 'the code');
  await giveCode(page, who);
  await page.goto(`${base}/account`);
  await sound(page, mode, 'the account');
  must(/A program, since/.test(await page.textContent('main')), 'the second factor is not told');
  await page.click('text="New recovery codes"');
  must(await heading(page) === 'Show that it is you', `it asks: ${await heading(page)}`);
  await sound(page, mode, 'both again');
  await page.fill('#passphrase', who.passphrase);
  await giveCode(page, who);
  must(await heading(page) === 'New recovery codes', `landed on ${page.url()}`);
  await sound(page, mode, 'new codes');
  await press(page, 'Make new codes');
  await sound(page, mode, 'codes on paper');
  const codes = await page.$$eval('.rt-codes code', cs => cs.map(c => c.textContent));
  must(codes.length === 10 && codes.every(c => /^([0-9a-z]{4}-){3}[0-9a-z]{4}$/.test(c)), `codes: ${codes[0]}`);
  // strong still: another program is begun, and left
  await page.goto(`${base}/account/second-factor`);
  await sound(page, mode, 'the second factor');
  await press(page, await page.locator('main button', { hasText: 'Set up a program' }).count()
    ? 'Set up a program' : 'Begin again with another key');
  await sound(page, mode, 'the key of a program');
  must(await page.locator('svg.rt-qr path').count() === 1, 'there is no picture');
  must(/^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/.test(await page.textContent('.rt-key')), 'the key is not shown as text');
  await page.fill('#code', '000000');
  await press(page, 'Confirm');
  must(await page.locator('#code-problem').count() === 1, 'a wrong code is not told');
  // a second sign-in, with paper, ends the first
  const other = await context(browser, base, null, mode), there = await other.newPage();
  await passphrase(there, who);
  await there.fill('#code', codes[3].toUpperCase().replaceAll('-', ' '));
  await there.click('main button.govuk-button');
  await there.goto(`${base}/account`);
  must((await there.textContent('main')).includes('9 recovery codes are left'), 'the code was not used up');
  await there.click('text="Show that it is you"');
  await there.fill('#passphrase', who.passphrase);
  await there.fill('#code', codes[5]);
  await press(there, 'Continue');
  await sound(there, mode, 'sign-ins that can be ended');
  await press(there, 'End all but this one');
  await other.close();
  must((await page.goto(`${base}/account`)).url().includes('/sign-in'), 'the first sign-in is open still');
  await passphrase(page, who);
  await page.fill('#code', codes[3]);
  await page.click('main button.govuk-button');
  must(await page.locator('#code-problem').count() === 1, 'a code from paper was good twice');
});

await journey('a wrong passphrase is refused where one is to be changed', async (page, mode) => {
  const c = await context(browser, base, as('senco'), mode), own = await c.newPage();
  await own.goto(`${base}/account/passphrase`);
  await sound(own, mode, 'another passphrase');
  await own.fill('#passphrase', 'not the one I have');
  await own.fill('#fresh', 'Liverpool2024!!');
  await own.fill('#repeated', 'Liverpool2024!!');
  await press(own, 'Change it');
  must(/too easy to guess/.test(await own.textContent('#fresh-problem')), 'a common passphrase is taken');
  await own.fill('#passphrase', 'not the one I have');
  await own.fill('#fresh', 'four plain words here');
  await own.fill('#repeated', 'four plain words here');
  await press(own, 'Change it');
  must(await own.locator('#passphrase-problem').count() === 1, 'a wrong passphrase is taken');
  await sound(own, mode, 'a wrong passphrase');
  await c.close();
});

await journey('an administrator looks at accounts, and a lost second factor wants both again', async (page, mode) => {
  const c = await context(browser, base, as('administrator'), mode), own = await c.newPage();
  await own.goto(base);
  await own.goto(`${base}/accounts`);
  await sound(own, mode, 'accounts');
  await own.locator('tbody tr', { hasText: 'senco' }).locator('a').click();
  await sound(own, mode, 'an account');
  await press(own, 'End the wait');
  await own.click('text="The second factor is lost"');
  must(await heading(own) === 'Show that it is you', `it asks: ${await heading(own)}`);
  await c.close();
}, { anew: true });

await browser.close();
