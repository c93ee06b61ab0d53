// tests/browser/journeys.mjs BASE SIGN-INS.json - people doing their work in the demonstration:
// from a figure to the line of the file, what a school cannot see, loading a file.  Each is gone
// twice: at a desk, and on a phone whose browser runs no script.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { launch, context, giveCode, worked } from './browser.mjs';

const [base, signIns] = process.argv.slice(2);
const people = JSON.parse(fs.readFileSync(signIns, 'utf8'));
const as = role => people.find(p => p.role === role);
const browser = await launch();
const say = (good, what, detail = '') =>
  console.log(`${good ? 'ok' : 'not ok'} ${what}${!good && detail ? `: ${detail}` : ''}`);

const MODES = [{ name: '', width: 1280, javaScriptEnabled: true },
  { name: ', on a phone without a script', width: 375, javaScriptEnabled: false }];

// modes: 1 where the journey is about a desk or a script itself.
async function journey(name, role, steps, modes = MODES.length) {
  for (const mode of MODES.slice(0, modes)) {
    const c = await context(browser, base, role && as(role), mode);
    const page = await c.newPage();
    try {
      await steps(page, mode, c);
      say(true, name + mode.name);
    } catch (e) {
      say(false, name + mode.name, `${e.message.split('\n')[0]} (at ${page.url().replace(base, '')})`);
    } finally {
      await c.close();
    }
  }
}
function must(good, what) { if (!good) throw new Error(what); }
const number = text => Number(text.replace(/[^0-9]/g, ''));
const heading = page => page.textContent('h1');

// ---- the analyst: figure, list, child, fact, original ----

await journey('an analyst follows a figure to the line of the file', 'analyst', async page => {
  await page.goto(`${base}/overview`);
  const key = page.locator('.rt-keys > div', { hasText: 'Suspended twice or more' });
  const counted = number((await key.locator('dd').nth(1).textContent()).split(' of ')[0]);
  await key.locator('dd.big a').click();
  must(number((await heading(page)).split(':')[1]) === counted, 'the list is not as long as the figure says');
  const name = (await page.textContent('tbody tr:first-child th a')).trim();
  await page.click('tbody tr:first-child th a');
  must((await page.textContent('.moj-identity-bar strong')).trim() === name, 'another child opened');
  await page.click('#lines summary');
  const row = page.locator('#lines tbody tr', { hasText: 'Suspended' }).first();
  const source = (await row.locator('td').last().textContent()).trim();
  await row.locator('td a').click();
  must((await heading(page)).includes('Suspended'), 'the original is of another fact');
  const where = await page.textContent('.govuk-summary-list');
  must(/Line\s*[\d,]+/.test(where) && where.includes(source.split(' line')[0]), 'file and line are not told');
  must(await page.locator('.rt-original tbody tr').count() > 3, 'the values of the line are not shown');
  must((await page.textContent('.rt-line')).trim().length > 20, 'the line itself is not shown');
});

await journey('every key figure of the overview equals its list', 'analyst', async page => {
  await page.goto(`${base}/overview`);
  const keys = await page.$$eval('.rt-keys > div', ds => ds.map(d => ({
    href: d.querySelector('dd.big a')?.href, base: d.querySelectorAll('dd')[1].textContent,
    big: d.querySelector('dd.big').firstChild.firstChild?.textContent ?? '' })));
  must(keys.length === 4, `${keys.length} key figures`);
  for (const k of keys.filter(k => k.href)) {
    const counted = number(k.base.startsWith('of ') ? k.big : k.base.split(' of ')[0]);
    await page.goto(k.href);
    must(number((await heading(page)).split(':').pop()) === counted, `${k.href} is not ${counted} long`);
  }
});

await journey('the pages of a list hold each pupil once', 'analyst', async page => {
  await page.goto(`${base}/overview`);
  await page.click('.rt-keys > div:first-child dd.big a');
  const total = number((await heading(page)).split(':').pop()), seen = new Set();
  for (let turns = 0; turns < 100; turns++) {
    for (const h of await page.$$eval('tbody th a', as => as.map(a => a.href))) {
      must(!seen.has(h), `${h} stands twice`);
      seen.add(h);
    }
    if (!await page.locator('a[rel=next]').count()) break;
    await page.click('a[rel=next]');
  }
  must(seen.size === total, `${seen.size} of ${total} pupils`);
});

await journey('a child is found by the start of a name and by UPN', 'analyst', async page => {
  await page.goto(`${base}/children?school=&q=ma`);
  const name = (await page.textContent('tbody tr:first-child th a')).trim();
  const upn = (await page.locator('tbody tr:first-child td').last().textContent()).trim();
  await page.fill('#q', name.split(' ').reverse().join(' ').toUpperCase());
  await page.click('form[role=search] button');
  must((await page.textContent('tbody')).includes(name), 'not found by name');
  await page.fill('#q', upn.toLowerCase());
  await page.click('form[role=search] button');
  must((await page.textContent('tbody')).includes(name), 'not found by UPN');
});

await journey('a child is found by school, and nothing found says what to do', 'analyst', async page => {
  await page.goto(`${base}/children`);
  const school = (await page.textContent('#school option:nth-child(2)')).trim();
  await page.selectOption('#school', { index: 1 });
  await page.click('form[role=search] button');
  const all = number((await page.textContent('.rt-count h2')).split(' of ').pop());
  must(all > 0, 'no pupils of that school');
  for (const t of await page.$$eval('tbody td:nth-of-type(3)', ts => ts.map(t => t.firstChild.textContent.trim())))
    must(t === school, `a pupil of ${t}, not of ${school}`);
  await page.fill('#q', 'zzyzx');
  await page.click('form[role=search] button');
  must(!await page.locator('tbody').count(), 'somebody was found');
  const told = await page.textContent('section[aria-label=Pupils]');
  must(told.includes('zzyzx') || /spelling|try|UPN/i.test(told), `it only says: ${told.trim()}`);
  must(await page.inputValue('#q') === 'zzyzx', 'what was typed is lost');
});

await journey('downloads open as tables and say what they are', 'analyst', async page => {
  for (const [from, link, starts] of [['/overview', 'Download (CSV)', 'measure'],
    ['/at-risk', 'Download (CSV)', 'measure'], ['/overview', 'Download (XLSX)', 'PK']]) {
    await page.goto(base + from);
    const [d] = await Promise.all([page.waitForEvent('download'), page.click(`text="${link}"`)]);
    const bytes = fs.readFileSync(await d.path());
    must(bytes.subarray(0, 40).toString('latin1').includes(starts), `${from} ${link} begins with ${bytes.subarray(0, 20)}`);
    if (link.includes('CSV')) must(/Demonstration/i.test(bytes.toString()), `${from} does not say that it is a demonstration`);
  }
});

// ---- the inclusion lead ----

await journey('a lead asks about another outcome and sees its own sentence', 'inclusion-lead', async page => {
  await page.goto(`${base}/at-risk`);
  const before = await heading(page);
  await page.selectOption('#outcome', 'pa');
  await page.click('form.rt-pick button');
  must(page.url().includes('outcome=pa'), 'the form did not ask');
  must(await heading(page) !== before, 'the sentence is the same');
  must(await page.inputValue('#outcome') === 'pa', 'the choice was forgotten');
});

await journey('a lead goes from near the edge to a school\'s pupils', 'inclusion-lead', async page => {
  await page.goto(`${base}/cliff-edge`);
  const row = page.locator('#schools tbody tr').filter({ has: page.locator('th a') }).first();
  const count = number(await row.locator('td').first().textContent());
  await row.locator('th a').click();
  must(number((await heading(page)).split(':').pop()) === count, 'the list is not as long as the row says');
  must(await page.locator('tbody th a').count() > 0, 'no pupil');
  await page.click('.moj-filter__tags a');
  must(number((await heading(page)).split(':').pop()) >= count, 'taking the filter off shows fewer');
});

await journey('a lead may not open a line of a file', 'inclusion-lead', async page => {
  await page.goto(`${base}/children?q=ma`);
  await page.click('tbody tr:first-child th a');
  must(!await page.locator('a[href*="/facts/"]').count(), 'there is a link to an original');
  const child = page.url();
  const answer = await page.goto(`${child}/facts/census/1/1/2`);
  must(answer.status() === 404, `status ${answer.status()}`);
});

// ---- the school ----

for (const [who, role] of [['a SENCO', 'senco'], ['an attendance lead', 'attendance-lead']])
  await journey(`${who} sees own pupils and nothing of another school`, role, async page => {
    await page.goto(`${base}/children`);
    must((await heading(page)).includes('My pupils'), 'not the page of a school');
    must(await page.locator('tbody th a').count() > 0, 'no own pupils');
    const own = new Set(await page.$$eval('tbody td:nth-of-type(3)', ts => ts.map(t => t.firstChild.textContent)));
    must(own.size === 1, `pupils of ${own.size} schools`);
    const lead = await context(browser, base, as('inclusion-lead'));
    const other = await lead.newPage();
    await other.goto(`${base}/schools`);
    const hrefs = await other.$$eval('tbody th a', as => as.map(a => [a.href, a.textContent]));
    const [school] = hrefs.find(([, name]) => !own.has(name.trim()));
    const urn = school.split('/').pop();
    await other.goto(`${base}/children?school=${urn}`);
    const child = await other.getAttribute('tbody tr:first-child th a', 'href');
    await lead.close();
    const told = async () => (await page.content()).replace(/\d+:\d\d[ap]m/, ''); // printed when
    const theirs = await page.goto(base + child), there = await told();
    must(theirs.status() === 404, `a child of another school answers ${theirs.status()}`);
    const nobody = await page.goto(`${base}/children/999999999`);
    must(nobody.status() === 404 && await told() === there, '"not yours" and "not there" differ');
    for (const p of [`/schools/${urn}`, '/overview', '/at-risk', '/cliff-edge', '/data', '/children.csv?measure=susp'])
      must((await page.goto(base + p)).status() === 404, `${p} answers`);
  });

await journey('a SENCO follows each number of the own school to its pupils', 'senco', async page => {
  await page.goto(base);
  await page.click('header a[href="/schools"] >> nth=0');
  must(/\/schools\/\d+$/.test(page.url()), `the home is ${page.url()}`);
  const own = (await heading(page)).trim(), urn = page.url().split('/').pop();
  const rows = await page.$$eval('#types tbody tr', rs => rs.filter(r => r.querySelector('td a')).map(r => ({
    href: r.querySelector('td a').href, n: r.querySelector('td a').firstChild.textContent,
    rate: r.querySelectorAll('td')[2].textContent, interval: r.querySelectorAll('td')[3].textContent })));
  must(rows.length > 4, `${rows.length} numbers with a list`);
  for (const r of rows) {
    must(/\d/.test(r.rate) && / to /.test(r.interval), `a rate without an interval: ${r.rate}, ${r.interval}`);
    await page.goto(r.href);
    must(number((await heading(page)).split(':').pop()) === number(r.n), `${r.href} is not ${r.n} long`);
    const schools = new Set(await page.$$eval('tbody td:nth-of-type(1)', ts => ts.map(t => t.firstChild.textContent.trim())));
    must(schools.size === 1 && own.endsWith([...schools][0]), `pupils of ${[...schools]}`);
    const child = await page.getAttribute('tbody tr:last-child th a', 'href');
    must((await page.goto(base + child)).status() === 200, `${child} of ${r.href} does not open`);
    must(await page.locator('#lines tbody tr').count() > 0, 'no lines of the files');
  }
  const dfe = await page.goto(`${base}/schools/${urn}`) && await page.$$eval('#dfe tbody tr', rs => rs.map(r => r.textContent));
  must(dfe.length === 6 && dfe.every(r => / to /.test(r)), 'a figure of DfE\'s without an interval');
});

await journey('a SENCO is told that social care is not shared', 'senco', async page => {
  await page.goto(`${base}/children`);
  await page.click('tbody tr:first-child th a');
  must(await page.locator('.abs--notshared').count() === 1, 'not told');
  must(!(await page.textContent('main')).match(/Child in need|Referral to social care/), 'social care is shown');
});

// ---- the administrator ----

await journey('an administrator sees no child and no figure', 'administrator', async page => {
  await page.goto(base);
  for (const h of await page.$$eval('a[href]', as => as.map(a => a.getAttribute('href'))))
    must(!/^\/(children|schools|overview|at-risk|cliff-edge|data)/.test(h), `a link to ${h}`);
  for (const p of ['/children', '/children/1', '/children?measure=susp', '/schools', '/overview', '/at-risk',
    '/cliff-edge', '/data', '/download/who-is-at-risk.csv'])
    must((await page.goto(base + p)).status() === 404, `${p} answers`);
});

// ---- signing in and out ----

await journey('who is signed out meanwhile signs in again and goes on', 'analyst', async (page, mode, c) => {
  await page.goto(`${base}/cliff-edge`);
  const other = await c.newPage();
  await other.goto(`${base}/overview`);
  const out = other.locator('button:has-text("Sign out"), a:has-text("Sign out")').first();
  if (!await out.isVisible()) await other.click('text="Menu"');
  await out.click();
  await page.goto(`${base}/at-risk?outcome=sa`);
  must(page.url().includes('/sign-in?next='), 'the page was shown');
  await page.fill('#login', as('analyst').login);
  await page.fill('#passphrase', as('analyst').passphrase);
  await page.click('main button.govuk-button');
  await giveCode(page, as('analyst'));
  must(page.url() === `${base}/at-risk?outcome=sa`, `landed on ${page.url()}`);
});

await journey('nobody gets in without signing in, and goes on where they wanted', null, async page => {
  await page.goto(`${base}/at-risk?outcome=pa`);
  must(page.url().includes('/sign-in?next='), 'the page was shown');
  await page.fill('#login', as('inclusion-lead').login);
  await page.fill('#passphrase', 'not the passphrase at all');
  await page.click('main button.govuk-button');
  must(await page.locator('.govuk-error-summary').count() === 1, 'a wrong passphrase is not told');
  must(await page.inputValue('#login') === as('inclusion-lead').login, 'the login was lost');
  await page.fill('#passphrase', as('inclusion-lead').passphrase);
  await page.click('main button.govuk-button');
  must((await heading(page)).trim() === 'Your code', `it asks: ${await heading(page)}`);
  await page.fill('#code', '000 000');
  await page.click('main button.govuk-button');
  must(await page.locator('#code-problem').count() === 1, 'a wrong code is not told');
  await giveCode(page, as('inclusion-lead'));
  must(page.url() === `${base}/at-risk?outcome=pa`, `landed on ${page.url()}`);
  await page.click('text="Sign out"');
  must((await page.goto(`${base}/overview`)).url().includes('/sign-in'), 'still signed in');
});

// ---- loading ----

await journey('an analyst loads a file, sees it go in, and the same again does nothing', 'analyst', async (page, mode) => {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'journey-')), 'term-dates.csv');
  const y = mode.javaScriptEnabled ? 2031 : 2032;
  fs.writeFileSync(file, `URN,StartDate,EndDate,Kind,Note\r\n,${y}-09-03,${y}-10-24,term,\r\n,${y}-11-03,${y}-12-19,term,\r\n`);
  await page.goto(`${base}/data`);
  const before = await page.locator('#batches tbody tr').count();
  for (const says of [/2 records went in/, /nothing new/]) {
    await page.click('text="Load files"');
    await page.setInputFiles('#files', file);
    await page.click('main form button');
    must(/\/data\/loads\/\d+/.test(page.url()), `landed on ${page.url()}`);
    await worked(page);
    must(says.test(await page.textContent('main')), `it says: ${(await page.textContent('main [role=status]')).trim()}`);
    await page.click('text="See the batches"');
  }
  must((await page.textContent('#batches')).includes('Term dates'), 'the batch is not listed');
  must(before <= await page.locator('#batches tbody tr').count(), 'batches are gone');
});

await journey('an analyst takes a wrong batch back, with a reason', 'analyst', async (page, mode) => {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'journey-')), 'term-dates.csv');
  const y = mode.javaScriptEnabled ? 2035 : 2036, why = `sent for the year ${y}`;
  fs.writeFileSync(file, `URN,StartDate,EndDate,Kind,Note\r\n,${y}-09-03,${y}-10-24,term,\r\n`);
  await page.goto(`${base}/data/load`);
  await page.setInputFiles('#files', file);
  await page.click('main form button');
  await worked(page);
  await page.click('text="See the batches"');
  await page.locator('#batches tbody tr', { hasText: 'Term dates' }).first().locator('a').click();
  const batch = page.url();
  await page.click('text="Withdraw this batch"');
  await page.$eval('#why', e => e.removeAttribute('required'));
  await page.click('main form button');
  must(await page.locator('#why-problem').count() === 1, 'a missing reason is not told');
  await page.fill('#why', why);
  await page.click('main form button');
  must(/Take .* out of all figures\?/.test(await heading(page)), `it asks: ${await heading(page)}`);
  must((await page.textContent('main form')).includes(why), 'the reason is not shown again');
  await page.click('main form button:has-text("Withdraw it")');
  must(/\/data\/loads\/\d+/.test(page.url()), `landed on ${page.url()}`);
  await worked(page);
  must((await heading(page)).includes('Withdrawn'), `it says: ${(await page.textContent('main')).trim()}`);
  await page.goto(batch);
  must((await page.textContent('.rt-lede')).includes(why), 'the batch does not say why');
  must(!await page.locator('text="Withdraw this batch"').count(), 'it could be withdrawn twice');
});

await journey('a row that was turned away is told with its line and why', 'analyst', async (page, mode) => {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'journey-')), 'term-dates.csv');
  const y = mode.javaScriptEnabled ? 2033 : 2034;
  fs.writeFileSync(file, `URN,StartDate,EndDate,Kind,Note\r\n,${y}-09-03,${y}-10-24,term,\r\n` +
    `,${y}-11-03,${y}-10-19,term,\r\n,${y}-11-03,${y}-12-19,term,\r\n`);
  await page.goto(`${base}/data/load`);
  await page.setInputFiles('#files', file);
  await page.click('main form button');
  await worked(page);
  must(/2 records went in/.test(await page.textContent('main')), 'two went in');
  await page.click('text="See the batches"');
  await page.locator('#batches tbody tr', { hasText: 'Term dates' }).first().locator('a').click();
  must(/1/.test(await page.textContent('.rt-lede')), 'the batch does not say how many');
  must((await page.textContent('main')).includes('Why rows were turned away'), 'no reason');
  await page.locator('main a[href*="/findings"]').first().click();
  const row = await page.textContent('tbody tr');
  must(row.includes('Line 3') && row.includes('It ends before it starts'), `the finding says: ${row.replace(/\s+/g, ' ')}`);
});

await journey('a file that is none of ours is refused in words', 'analyst', async page => {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'journey-')), 'holiday.csv');
  fs.writeFileSync(file, 'beach,weather\r\nnorth,rain\r\n');
  await page.goto(`${base}/data/load`);
  await page.setInputFiles('#files', file);
  await page.click('main form button');
  await worked(page);
  must(await page.locator('.govuk-warning-text').count() === 1, 'it was taken');
});

await journey('a lead may look at the data and not load any', 'inclusion-lead', async page => {
  await page.goto(`${base}/data`);
  must(!await page.locator('text="Load files"').count(), 'there is a button');
  must((await page.goto(`${base}/data/load`)).status() === 404, 'the form answers');
});

// ---- reading and printing ----

await journey('the menu opens on a phone without a script', 'analyst', async page => {
  await page.setViewportSize({ width: 375, height: 800 });
  await page.goto(`${base}/overview`);
  must(!await page.isVisible('#nav'), 'the menu is open already');
  await page.click('text="Menu"');
  must(await page.isVisible('#nav'), 'the menu does not open');
}, 1);

await journey('a page can be used with the keyboard alone', 'analyst', async page => {
  await page.goto(`${base}/overview`);
  await page.keyboard.press('Tab');
  must(await page.evaluate(() => document.activeElement.textContent) === 'Skip to main content', 'no skip link first');
  await page.keyboard.press('Enter');
  must(page.url().endsWith('#main'), 'the skip link does not skip');
}, 1);

await journey('a printed page leaves the menus out and says who printed it', 'analyst', async page => {
  await page.goto(`${base}/overview`);
  await page.emulateMedia({ media: 'print' });
  must(!await page.isVisible('.rt-nav'), 'the menu is printed');
  must(await page.isVisible('.rt-footer__print'), 'nobody is named');
}, 1);

await browser.close();
