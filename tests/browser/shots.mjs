// tests/browser/shots.mjs BASE SIGN-INS.json FOLDER - every page of every role as a picture, at
// both widths, for the eye.
import fs from 'node:fs';
import path from 'node:path';
import { launch, context, route, links, WIDTHS } from './browser.mjs';

const [base, signIns, folder] = process.argv.slice(2);
fs.mkdirSync(folder, { recursive: true });
const browser = await launch();
const file = (role, url, width) =>
  path.join(folder, `${role}${route(url).replace(/[^a-z0-9]+/gi, '-').replace(/-$/, '') || '-home'}-${width}.png`);

for (const who of [null, ...JSON.parse(fs.readFileSync(signIns, 'utf8'))]) {
  const role = who ? who.role : 'nobody';
  const c = await context(browser, base, who);
  const page = await c.newPage();
  const queue = [`${base}/`, `${base}/not-there`, ...(who ? [] : [`${base}/sign-in`])], seen = new Set(queue.map(route));
  while (queue.length && seen.size < 80) {
    const url = queue.shift();
    let answer;
    try { answer = await page.goto(url); } catch { continue; }
    if (!(answer.headers()['content-type'] ?? '').includes('text/html')) continue;
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      await page.screenshot({ path: file(role, url, width), fullPage: true });
    }
    for (const l of await links(page, base))
      if (!seen.has(route(l))) { seen.add(route(l)); queue.push(l); }
  }
  await c.close();
}
await browser.close();
console.log(`${fs.readdirSync(folder).length} pictures in ${folder}`);
