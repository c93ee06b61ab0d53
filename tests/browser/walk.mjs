// tests/browser/walk.mjs BASE SIGN-INS.json - every page that each role can reach by links:
// it answers, says what it is, is accessible (axe, WCAG 2.2 AA), does not scroll sideways, at two
// widths, with and without JavaScript; and every link on it leads somewhere.
import fs from 'node:fs';
import { launch, context, route, links, axe, TAGS, WIDTHS } from './browser.mjs';

const [base, signIns] = process.argv.slice(2);
const people = [null, ...JSON.parse(fs.readFileSync(signIns, 'utf8'))];
const browser = await launch();
const say = (good, what, detail = '') =>
  console.log(`${good ? 'ok' : 'not ok'} ${what}${detail ? `: ${detail}` : ''}`);
const open = new Set(); // routes that everybody may open: on a phone looked at once, for nobody in particular
const MOST = 60; // routes a role, so that a mistake cannot walk for ever

async function sideways(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

// The page as it stands: its heading, its width, and what axe finds.
async function judge(page, name, width, script) {
  const over = await sideways(page);
  say(over <= 0, `${name} at ${width} does not scroll sideways`, over > 0 ? `${over}px over` : '');
  const h1 = await page.$$eval('h1', hs => hs.map(h => h.textContent.trim()));
  const title = await page.title();
  say(h1.length === 1 && h1[0] && title.includes('RootED'), `${name} has one heading and a title`,
    `${h1.length} headings, "${title}"`);
  if (!script) return;
  await page.evaluate(axe);
  const r = await page.evaluate(tags => window.axe.run(document, { runOnly: tags }), TAGS);
  say(!r.violations.length, `${name} at ${width} is accessible`,
    r.violations.map(v => `${v.id} (${v.nodes.length}) ${v.nodes[0].html.slice(0, 120)}`).join('; '));
}

async function walk(who) {
  const role = who ? who.role : 'nobody';
  const c = await context(browser, base, who);
  const page = await c.newPage();
  const queue = [`${base}/`, ...(who ? [] : [`${base}/sign-in`])], seen = new Set(queue.map(route));
  const walked = [];
  while (queue.length && walked.length < MOST) {
    const url = queue.shift(), name = `${role} ${route(url)}`;
    let answer;
    const download = page.waitForEvent('download').catch(() => null);
    try { answer = await page.goto(url); } catch { answer = null; }
    if (!answer) { say(!!await download, `${name} downloads`); continue; }
    say(answer.status() === 200, `${name} answers`, `status ${answer.status()}`);
    if (!(answer.headers()['content-type'] ?? '').includes('text/html')) continue;
    walked.push(url);
    await judge(page, name, 1280, true);
    for (const l of await links(page, base))
      if (!seen.has(route(l))) { seen.add(route(l)); queue.push(l); }
  }
  await c.close();
  for (const [width, javaScriptEnabled] of [[375, true], [375, false]]) {
    const narrow = await context(browser, base, who, { width, javaScriptEnabled });
    const p = await narrow.newPage();
    for (const url of walked) {
      if (who && open.has(route(url))) continue;
      await p.goto(url);
      await judge(p, `${role} ${route(url)}${javaScriptEnabled ? '' : ' without JavaScript'}`, width, javaScriptEnabled);
    }
    await narrow.close();
  }
  if (!who) walked.forEach(url => open.add(route(url)));
  say(walked.length >= (who ? 4 : 2), `${role} can reach pages by links`, `${walked.length}`);
}

try {
  for (const who of people) await walk(who);
} catch (e) {
  say(false, 'the walk goes to its end', e.message.split('\n')[0]);
} finally { await browser.close(); }
