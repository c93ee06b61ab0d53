// tests/sso/sso.mjs ROOTED FOLDER - single sign-on from the browser's side.  Prints "ok NAME" and
// "not ok NAME" lines.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import * as apache from './apache.mjs';
import { axe, launch, TAGS } from '../browser/browser.mjs';
import { real, strange } from './provider.mjs';
import { answers, Browser, freePort, must, plain } from './visitor.mjs';

const [rooted, folder] = process.argv.slice(2);
const home = path.join(folder, 'home'), socket = path.join(folder, 'rooted.sock');
const env = { ...process.env, ROOTED_HOME: home };
delete env.ROOTED_DB;
const cli = (...args) => execFileSync(rooted, args, { env, encoding: 'utf8', input: 'three plain words\n' });
let bad = 0;
const ended = [];

async function test(name, fn) {
  try {
    await fn();
    console.log(`ok ${name}`);
  } catch (e) {
    bad++;
    console.log(`not ok ${name}\n    ${String(e.stack).split('\n').slice(0, 4).join('\n    ')}`);
  }
}
// ---- the cast ----

const port = await freePort(), base = `http://127.0.0.1:${port}`, back = `${base}/sso/back`;
const person = { sub: 'ada-at-one', amr: ['pwd', 'mfa'], acr: undefined }, wrong = { how: '' };
const colleague = { sub: 'ada-at-one', amr: [], acr: 'urn:test:two' };
const one = await real(back, person), two = await real(back, colleague), odd = await strange(back, wrong, { amr: ['mfa'] });
const entra = { acrs: ['c1', 'c2'] }, google = { hd: 'council.example' };
const three = await strange(back, { how: '' }, entra), four = await strange(back, { how: '' }, google);
for (const p of [one, two])
  p.metadata = await (await fetch(`${p.issuer}/.well-known/openid-configuration`)).json();

fs.mkdirSync(home);
cli('user', 'add', 'ada', '--role', 'analyst', '--area', '1', '--name', 'Ada Fenwick', '--password-stdin');
cli('user', 'add', 'ines', '--role', 'inclusion-lead', '--area', '1', '--name', 'Ines Marlow', '--password-stdin');
cli('sso', 'add', '--issuer', one.issuer, '--name', 'Provider One', '--factor', 'amr=mfa,otp');
cli('sso', 'add', '--issuer', two.issuer, '--name', 'Provider Two', '--factor', 'acr=urn:test:two');
cli('sso', 'add', '--issuer', three.issuer, '--name', 'As Entra', '--factor', 'acr=c1');
cli('sso', 'add', '--issuer', four.issuer, '--name', 'As Google', '--factor', 'acr=urn:council:enforced');
cli('sso', 'add', '--issuer', odd.issuer, '--name', 'Provider Odd', '--factor', 'amr=mfa');

function serve(...where) {
  const s = spawn(rooted, ['serve', ...where], { env, stdio: ['ignore', 'pipe', fs.openSync(path.join(folder, 'log'), 'a')] });
  ended.push(s);
  return new Promise((resolve, reject) => {
    s.stdout.once('data', d => resolve(/served on (\S+)/.exec(String(d))?.[1]));
    s.once('exit', code => reject(new Error(`rooted serve ended with ${code}`)));
  });
}
const self = execFileSync('id', ['-un'], { encoding: 'utf8' }).trim();
const tcp = await serve('--port', '0');
await serve('--socket', socket, '--proxy-user', apache.user ?? self);
const other = path.join(folder, 'other.sock'); // whose proxy is somebody else than this process
await serve('--socket', other, '--proxy-user', 'daemon');
if (apache.user) fs.chownSync(socket, 0, apache.ids()[1]);
ended.push(apache.start(apache.configure(folder, port, socket, [one, two, odd, three, four],
  three.issuer, four.issuer)));
await answers('Apache', async () => (await fetch(`${base}/help`)).ok);

// ---- journeys ----

async function at(browser, name, path = '/sign-in') {
  const page = await browser.open(base + path);
  const link = new RegExp(`href="([^"]*)">Sign in with ${name}<`).exec(page.text);
  must(`the sign-in page offers ${name}`, link, page.text);
  return browser.open(base + plain(link[1]));
}
const isIn = async browser => (await browser.open(`${base}/account`)).url === `${base}/account`;

await test('somebody unknown is asked for a code, which links the account once', async () => {
  const b = new Browser(), page = await at(b, 'Provider One');
  must('a code is asked for', page.status === 200 && page.text.includes('name="code"'), page.text);
  const wrongCode = await b.post(`${base}/sign-in/sso`, { code: 'AAAA-BBBB-CCCC-DDDD' });
  must('a wrong code is refused', wrongCode.status === 422, wrongCode.status);
  must('nobody is signed in', !await isIn(b));
  const code = cli('sso', 'code', 'ada').trim();
  await b.post(`${base}/sign-in/sso`, { code: code.toLowerCase().replaceAll('-', ' ') });
  must('with the code one is signed in', await isIn(b));
  person.sub = 'somebody-else';
  const c = new Browser();
  await at(c, 'Provider One');
  const again = await c.post(`${base}/sign-in/sso`, { code });
  must('the code is good once', again.status === 422 && !await isIn(c), again.status);
  person.sub = 'ada-at-one';
});

await test('who is linked signs in with one button, and goes on to the page asked for', async () => {
  const b = new Browser(), page = await at(b, 'Provider One', '/sign-in?next=/agreement');
  must('the person is named', page.text.includes('Sign in as Ada Fenwick'), page.text);
  must('opening it signs nobody in', !await isIn(b));
  const next = /name="next" value="([^"]*)"/.exec(page.text)?.[1];
  const r = await b.post(`${base}/sign-in/sso`, { next });
  must('it goes on', r.url === `${base}/agreement`, r.url);
  must('signed in', await isIn(b));
});

await test('a subject is somebody else at another provider, and acr tells of the factor there', async () => {
  const b = new Browser(), page = await at(b, 'Provider Two');
  must('the same subject is not Ada there', page.text.includes('name="code"'), page.text);
  await b.post(`${base}/sign-in/sso`, { code: cli('sso', 'code', 'ines').trim() });
  must('signed in as another', (await b.open(`${base}/account`)).text.includes('Ines Marlow'));
});

await test('without a second factor nobody is let in', async () => {
  const b = new Browser();
  person.amr = ['pwd'];
  const page = await at(b, 'Provider One');
  must('it is told', page.status === 403 && page.text.includes('without a second factor'), page.text);
  await b.post(`${base}/sign-in/sso`, {});
  must('nobody is signed in', !await isIn(b));
  person.amr = ['pwd', 'mfa'];
  colleague.acr = 'urn:test:one';
  const c = new Browser();
  must('nor by acr', (await at(c, 'Provider Two')).status === 403);
  colleague.acr = 'urn:test:two';
});

await test('a right token of a third provider is known to be one', async () => {
  const page = await at(new Browser(), 'Provider Odd');
  must('a code is asked for', page.status === 200 && page.text.includes('name="code"'), page.text);
});
await test('the claims of Entra ID and Google are handed on as the guide says', async () => {
  for (const name of ['As Entra', 'As Google'])
    must(`${name} has a second factor`, (await at(new Browser(), name)).status === 200);
  entra.acrs = ['c3'];
  google.hd = 'elsewhere.example';
  for (const name of ['As Entra', 'As Google']) {
    const page = await at(new Browser(), name);
    must(`${name} has none`, page.status === 403 && page.text.includes('second factor'), page.text);
  }
});
for (const how of ['nonce', 'audience', 'expiry', 'signature', 'time of issue'])
  await test(`a token with a wrong ${how} signs nobody in`, async () => {
    const b = new Browser();
    wrong.how = how;
    const page = await at(b, 'Provider Odd').finally(() => { wrong.how = ''; });
    must('Apache refuses it', page.url.startsWith(back) && !page.text.includes('name="code"'), page.url);
    const r = await b.ask(`${base}/sign-in/sso`);
    must('the program never sees it', r.status !== 200, r.status);
    must('nobody is signed in', !await isIn(b));
  });

// ---- forged headers ----

const forged = () => ({ OIDC_CLAIM_iss: one.issuer, OIDC_CLAIM_sub: 'ada-at-one', OIDC_CLAIM_amr: 'mfa',
  OIDC_CLAIM_iat: String(Math.floor(Date.now() / 1000)) });
function straight(where, method, path, form) {
  const origin = 'http://127.0.0.1';
  return new Promise((resolve, reject) => {
    const q = http.request({ ...where, method, path, headers: { host: '127.0.0.1', origin,
      'content-type': 'application/x-www-form-urlencoded', ...forged() } }, r => {
      let text = '';
      r.on('data', d => { text += d; });
      r.on('end', () => resolve({ status: r.statusCode, text, cookie: r.headers['set-cookie'] }));
    });
    q.on('error', reject);
    q.end(form);
  });
}
async function refused(where) {
  const page = await straight(where, 'GET', '/sign-in/sso');
  must('the page is not there', page.status === 404 && !page.text.includes('Ada'), page.status);
  const sent = await straight(where, 'POST', '/sign-in/sso', 'code=');
  must('nothing is sent', sent.status === 404 && !sent.cookie, `${sent.status} ${sent.cookie}`);
}
await test('forged headers on a port are not heard', () =>
  refused({ host: '127.0.0.1', port: new URL(tcp).port }));
await test('forged headers on a socket of another proxy are not heard', () => refused({ socketPath: other }));
if (apache.user)
  await test('forged headers on the very socket, by another than Apache, are not heard', () =>
    refused({ socketPath: socket }));
await test('forged headers through Apache do not reach the program', async () => {
  const b = new Browser();
  const r = await b.ask(`${base}/sign-in/sso`, { headers: forged() });
  must('Apache asks who it is', !(await r.text()).includes('Ada'), r.status);
  await at(b, 'Provider Odd');
  const page = await b.open(`${base}/sign-in/sso`, { headers: forged() });
  must('the real claims stand', page.text.includes('name="code"'), page.text);
});

// ---- afterwards the session is the program's own ----

await test('signing out ends both', async () => {
  const b = new Browser();
  await at(b, 'Provider One');
  await b.post(`${base}/sign-in/sso`, {});
  const csrf = /name="csrf" value="([^"]*)"/.exec((await b.open(`${base}/account`)).text)[1];
  const out = await b.post(`${base}/sign-out`, { csrf });
  must('a page stands between', out.url === `${base}/sign-in/out`, out.url);
  const to = plain(/url=([^"]*)"/.exec(out.text)[1]);
  const there = await b.open(base + to);
  must('the provider is asked, too', there.url.startsWith(`${one.issuer}/session/end`), there.url);
  must('not here any more', !await isIn(b));
  const r = await b.ask(`${base}/sign-in/sso`);
  must('nor in Apache', r.status !== 200, r.status);
});
await test('a session lives on without Apache’s, and dies with the account at once', async () => {
  const b = new Browser();
  await at(b, 'Provider One');
  await b.post(`${base}/sign-in/sso`, {});
  for (const name of b.jar.get(`127.0.0.1:${port}`).keys())
    if (name !== 'rooted') b.jar.get(`127.0.0.1:${port}`).delete(name);
  must('it is the program’s own', await isIn(b));
  cli('user', 'disable', 'ada');
  must('disabled, one is out at the next request', !await isIn(b));
  const page = await at(b, 'Provider One');
  must('and does not come back', page.status === 403, page.text);
  cli('user', 'enable', 'ada');
});
await test('a form of another site starts nothing', async () => {
  const b = new Browser();
  await at(b, 'Provider One');
  const r = await b.ask(`${base}/sign-in/sso`, { method: 'POST', body: '', headers: {
    origin: 'https://evil.example', 'content-type': 'application/x-www-form-urlencoded' } });
  must('refused', r.status === 403, r.status);
});
async function journey(page, script) {
  const sound = async what => {
    must(`${what} fits`, await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
    if (process.env.SSO_SHOTS)
      await page.screenshot({ path: `${process.env.SSO_SHOTS}/${what}-${script}.png`, fullPage: true });
    if (!script) return;
    await page.evaluate(axe);
    const r = await page.evaluate(tags => window.axe.run(document, { runOnly: tags }), TAGS);
    must(`${what} is accessible`, !r.violations.length, r.violations.map(v => v.id));
  };
  person.sub = 'unknown-in-a-browser';
  await page.goto(`${base}/sign-in`);
  await sound('sign-in');
  await page.click('text="Sign in with Provider One"');
  await sound('a-code-is-asked-for');
  await page.fill('#code', 'AAAA-BBBB-CCCC-DDDD');
  await page.click('text="Link my account and sign in"');
  await sound('a-wrong-code');
  await page.context().clearCookies();
  person.sub = 'ada-at-one';
  await page.goto(`${base}/sign-in`);
  await page.click('text="Sign in with Provider One"');
  await sound('who-one-is');
  await page.click('text="Sign in as Ada Fenwick"');
  await page.goto(`${base}/account`);
  must('signed in', page.url() === `${base}/account`, page.url());
  await Promise.all([page.waitForURL(u => u.href.startsWith(`${one.issuer}/session/end`)),
    page.click('text="Sign out"')]);
  await page.goto(`${base}/account`);
  must('signed out', page.url().startsWith(`${base}/sign-in`), page.url());
}
await test('a browser is led there and back, and out, with a script and without', async () => {
  const browser = await launch();
  try {
    for (const [width, script] of [[1280, true], [375, false]]) {
      const c = await browser.newContext({ viewport: { width, height: 900 }, javaScriptEnabled: script });
      c.setDefaultTimeout(30000);
      await journey(await c.newPage(), script);
    }
  } finally {
    await browser.close();
  }
});
await test('a provider that is removed vouches for nobody, and its sessions end', async () => {
  const b = new Browser();
  await at(b, 'Provider One');
  await b.post(`${base}/sign-in/sso`, {});
  must('signed in', await isIn(b));
  cli('sso', 'remove', '--issuer', one.issuer);
  must('out', !await isIn(b));
  const page = await b.open(`${base}/sign-in/sso`);
  must('and not in again', page.status === 403, page.text);
});
for (const p of ended.reverse()) p.kill('SIGTERM');
await Promise.all(ended.map(p => p.exitCode !== null || new Promise(r => p.once('exit', r))));
for (const p of [one, two, odd, three, four]) { p.server.closeAllConnections(); p.server.close(); }
process.exit(bad ? 1 : 0);
