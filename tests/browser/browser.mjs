// tests/browser/browser.mjs - what the walk, the journeys and the pictures share: a browser,
// a signed-in context for a role, and the routes of the program.
import { chromium } from 'playwright-core';
import { createRequire } from 'node:module';
import fs from 'node:fs';

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

// A context at a width, signed in as somebody ({login, passphrase}) or as nobody (null).
export async function context(browser, base, who, { width = 1280, javaScriptEnabled = true } = {}) {
  const c = await browser.newContext({
    viewport: { width, height: 900 }, javaScriptEnabled, locale: 'en-GB',
    timezoneId: 'Europe/London', acceptDownloads: true });
  if (!who) return c;
  const page = await c.newPage();
  await page.goto(`${base}/sign-in`);
  await page.fill('#login', who.login);
  await page.fill('#passphrase', who.passphrase);
  await Promise.all([page.waitForURL(u => !String(u).endsWith('/sign-in')), page.click('button.govuk-button')]);
  await page.close();
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
