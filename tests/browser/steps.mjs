// tests/browser/steps.mjs - what journeys with forms share: arguments BASE SIGN-INS.json [SHOTS], a
// journey at a desk and on a phone whose browser runs no script, whether a page is sound.
import fs from 'node:fs';
import { launch, context, keepSession, forgetSession, axe, TAGS } from './browser.mjs';
import { freshCode } from './totp.mjs';

export const [base, signIns, shots] = process.argv.slice(2);
const people = JSON.parse(fs.readFileSync(signIns, 'utf8'));
export const as = role => people.find(p => p.role === role);
export const browser = await launch();
export const say = (good, what, detail = '') =>
  console.log(`${good ? 'ok' : 'not ok'} ${what}${!good && detail ? `: ${detail}` : ''}`);
const ONLY = process.env.ONLY; // words of the journeys to go, when not all
const MODES = [{ name: '', width: 1280, javaScriptEnabled: true },
  { name: ', on a phone without a script', width: 375, javaScriptEnabled: false }];
export function must(good, what) { if (!good) throw new Error(what); }
export const heading = async page => (await page.textContent('h1')).trim();
export const press = (page, text) => page.locator('main button', { hasText: text }).first().click();

// anew: signs in by itself, so that nothing was shown again yet.
export async function journey(name, role, steps, { anew = false } = {}) {
  for (const mode of MODES) {
    if (ONLY && !name.includes(ONLY)) continue;
    if (anew) forgetSession(as(role));
    const c = await context(browser, base, as(role), mode);
    const page = await c.newPage();
    try {
      await steps(page, mode, c);
      say(true, name + mode.name);
    } catch (e) {
      say(false, name + mode.name, `${e.message.split('\n')[0]} (at ${page.url().replace(base, '')})`);
    } finally {
      await keepSession(c, as(role));
      await c.close();
    }
  }
}

// The page as it stands is accessible and does not scroll sideways.
export async function sound(page, mode, what) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  must(over <= 0, `${what} scrolls sideways by ${over}px`);
  if (shots) await page.screenshot({ path: `${shots}/${what.replace(/\W+/g, '-')}-${mode.width}.png`, fullPage: true });
  if (!mode.javaScriptEnabled) return;
  await page.evaluate(axe);
  const r = await page.evaluate(tags => window.axe.run(document, { runOnly: tags }), TAGS);
  must(!r.violations.length, `${what}: ` + r.violations.map(v => `${v.id} ${v.nodes[0].html.slice(0, 120)}`).join('; '));
}

// Passphrase and code of that role, unless they were given a moment ago.
export async function again(page, role) {
  if (!page.url().includes('/account/again')) return;
  const who = as(role);
  await page.fill('#passphrase', who.passphrase);
  await page.fill('#code', await freshCode(who, `${signIns}.codes`));
  await Promise.all([page.waitForURL(u => !u.pathname.endsWith('/again')),
    page.click('main button.govuk-button')]);
}
