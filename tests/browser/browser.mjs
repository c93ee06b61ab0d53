// tests/browser/browser.mjs - what the walk, the journeys and the pictures share: a browser,
// a signed-in context for a role, and the routes of the program.
import { chromium } from 'playwright-core';
import { createRequire } from 'node:module';
import fs from 'node:fs';
import { freshCode } from './totp.mjs';

export const WIDTHS = [1280, 375];
const require = createRequire(import.meta.url);
export const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
export const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

export async function launch() {
  const args = ['--disable-dev-shm-usage', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync'];
  if (process.getuid() === 0) args.push('--no-sandbox');
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args });
}

const LONGEST = 5 * 60 * 1000; // for an answer, or for work behind the pages: a busy machine is no fault

// What is clicked may lead on: the page that it leads to is whole before anything is read of it.
function settle(page) {
  const frame = page.mainFrame(), click = frame.click.bind(frame);
  frame.click = async (...args) => { await click(...args); await frame.waitForLoadState(); };
}

// Work behind the pages: until a page no longer says so.  Asked beside the browser, which would
// draw it each time, and not without a breath, which would keep the machine from that work.
async function until(page, url, says) {
  const end = Date.now() + LONGEST;
  for (;;) {
    const text = await (await page.request.get(url)).text();
    if (!text.includes(says)) break;
    if (Date.now() > end) throw new Error(`it still says "${says}"`);
    await new Promise(next => setTimeout(next, 100));
  }
  for (;;) try { // a page that loads again by itself may do so just now
    return await page.goto(url);
  } catch (e) { if (!/interrupted/.test(e.message)) throw e; }
}
// After files were sent or a batch withdrawn: until it is over, or leads on to what was found.
export const worked = page => until(page, page.url().split('?')[0], 'the work goes on');
// After a form was sent: until it was read; figures may be under way before it.
export const read = page => until(page, page.url(), 'Sent, being read');

// The second page of signing in: a code that was not used yet.
const memory = process.argv[3] ?? '';
export async function giveCode(page, who) {
  await page.fill('#code', await freshCode(who, `${memory}.codes`));
  await Promise.all([page.waitForURL(u => !u.pathname.endsWith('/sign-in/code')),
    page.click('main button.govuk-button')]);
}

// Signing in takes a code, and codes are good once: a session is shared by all that follow, until
// somebody has ended it.
async function sharedCookies(browser, base, who) {
  const file = `${memory}.${who.login}.cookies`;
  if (fs.existsSync(file)) {
    const cookies = JSON.parse(fs.readFileSync(file, 'utf8'));
    const r = await fetch(`${base}/account`, {
      redirect: 'manual', headers: { cookie: cookies.map(k => `${k.name}=${k.value}`).join('; ') } });
    if (r.status === 200) return cookies;
  }
  const c = await browser.newContext({ locale: 'en-GB' });
  const page = await c.newPage();
  await page.goto(`${base}/sign-in`);
  await page.fill('#login', who.login);
  await page.fill('#passphrase', who.passphrase);
  await page.click('main button.govuk-button');
  await giveCode(page, who);
  await page.waitForURL(u => !String(u).includes('/sign-in'));
  const cookies = await c.cookies();
  await c.close();
  fs.writeFileSync(file, JSON.stringify(cookies));
  return cookies;
}

// What a context ends with is what the next begins with: showing again who one is gives the session
// another cookie, and need not be done again for a while.
export async function keepSession(c, who) {
  const cookies = await c.cookies();
  if (who && cookies.length) fs.writeFileSync(`${memory}.${who.login}.cookies`, JSON.stringify(cookies));
}

export const forgetSession = who => fs.rmSync(`${memory}.${who.login}.cookies`, { force: true });

// A context at a width, signed in as somebody ({login, passphrase, secret}) or as nobody (null).
export async function context(browser, base, who, { width = 1280, javaScriptEnabled = true } = {}) {
  const c = await browser.newContext({
    viewport: { width, height: 900 }, javaScriptEnabled, locale: 'en-GB',
    timezoneId: 'Europe/London', acceptDownloads: true });
  c.setDefaultTimeout(LONGEST);
  c.on('page', settle);
  if (who) await c.addCookies(await sharedCookies(browser, base, who));
  return c;
}

// "/children/1234?measure=susp" is one of "/children/:n?measure=": a route is walked once.
export function route(url) {
  const u = new URL(url);
  const keys = [...u.searchParams.keys()].sort().join('&');
  return u.pathname.replace(/\/\d+(?=\/|$)/g, '/:n') + (keys ? `?${keys}` : '');
}

export async function links(page, base) {
  const all = await page.$$eval('a[href]', as => as.map(a => a.href));
  return [...new Set(all)].filter(h => h.startsWith(base + '/')).map(h => h.replace(/#.*$/, ''));
}
