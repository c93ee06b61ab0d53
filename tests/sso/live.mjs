// tests/sso/live.mjs ROOTED FOLDER - single sign-on before a live database, set up as docs/first-day.md
// says and reached over TLS through Apache alone.  Prints "ok NAME" and "not ok NAME" lines.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import * as apache from './apache.mjs';
import { real } from './provider.mjs';
import { answers, Browser, freePort, must, plain } from './visitor.mjs';

const [rooted, folder] = process.argv.slice(2);
const home = path.join(folder, 'home'), socket = path.join(folder, 'rooted.sock');
const env = { ...process.env, ROOTED_HOME: home };
delete env.ROOTED_DB;
const cli = (...args) => execFileSync(rooted, args, { env, encoding: 'utf8', input: 'three plain words\n' });
const refuses = (...args) => {
  try {
    execFileSync(rooted, args, { env, encoding: 'utf8', stdio: 'pipe' });
  } catch (e) {
    return e.stderr;
  }
  throw new Error(`${args.join(' ')} is not refused`);
};
let bad = 0;
const ended = [];
async function test(name, fn) {
  try {
    await fn();
    console.log(`ok live: ${name}`);
  } catch (e) {
    bad++;
    console.log(`not ok live: ${name}\n    ${String(e.stack).split('\n').slice(0, 4).join('\n    ')}`);
  }
}

// ---- the first day ----

const tls = { key: path.join(folder, 'key.pem'), certificate: path.join(folder, 'certificate.pem') };
execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost',
  '-addext', 'subjectAltName=DNS:localhost', '-keyout', tls.key, '-out', tls.certificate], { stdio: 'ignore' });
process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'; // the certificate is the test's own
process.removeAllListeners('warning').on('warning', () => {});
const port = await freePort(), base = `https://localhost:${port}`, back = `${base}/sso/back`;
const person = { sub: 'ada-at-one', amr: ['pwd', 'mfa'], acr: undefined };
const one = await real(back, person);
one.metadata = await (await fetch(`${one.issuer}/.well-known/openid-configuration`)).json();

fs.mkdirSync(home, { mode: 0o700 });
cli('setup', '--council', 'Example Council', '--phone', '01632 960140');
cli('setup', '--address', base);
for (const record of ['owner', 'impact-assessment', 'sharing-agreement', 'privacy-notice', 'retention-rule'])
  cli('setup', '--record', record, '--reference', 'Register 12', '--date', '2026-01-05', '--who', 'Jo Smith');
cli('user', 'add', 'root', '--admin', '--name', 'Ada Cole', '--password-stdin');
cli('user', 'add', 'ada', '--role', 'analyst', '--area', '1', '--name', 'Ada Fenwick', '--password-stdin');
cli('sso', 'add', '--issuer', one.issuer, '--name', 'Provider One', '--factor', 'amr=mfa');
await test('it is made live as the first day says', () => {
  must('it says so', cli('setup', '--live').includes('This database is live.'));
  must('a port is refused', refuses('serve', '--port', '0').includes('through its proxy only'));
});
const self = execFileSync('id', ['-un'], { encoding: 'utf8' }).trim();
const log = fs.openSync(path.join(folder, 'log'), 'a');
const server = spawn(rooted, ['serve', '--socket', socket, '--proxy-user', apache.user ?? self],
  { env, stdio: ['ignore', 'pipe', log] });
ended.push(server);
await new Promise((resolve, reject) => {
  server.stdout.once('data', resolve);
  server.once('exit', code => reject(new Error(`rooted serve ended with ${code}`)));
});
if (apache.user) fs.chownSync(socket, 0, apache.ids()[1]);
ended.push(apache.start(apache.configure(folder, port, socket, [one], '', '', tls)));
await answers('Apache', async () => (await fetch(`${base}/health`)).ok);

// ---- journeys ----

const isIn = async browser => (await browser.open(`${base}/account`)).url === `${base}/account`;
async function at(browser) {
  const page = await browser.open(`${base}/sign-in`);
  const link = /href="([^"]*)">Sign in with Provider One</.exec(page.text);
  must('the sign-in page offers it', link, page.text);
  must('it is no trial', !page.text.includes('not for live use'));
  return browser.open(base + plain(link[1]));
}
await test('who is linked by a code signs in, with a cookie that TLS alone carries', async () => {
  const b = new Browser(), page = await at(b);
  must('a code is asked for', page.status === 200 && page.text.includes('name="code"'), page.text);
  await b.post(`${base}/sign-in/sso`, { code: cli('sso', 'code', 'ada').trim() });
  must('signed in', await isIn(b));
  must('its cookie', [...b.jar.get(`localhost:${port}`).keys()].some(n => n.startsWith('__Host-')),
    [...b.jar.get(`localhost:${port}`).keys()]);
  const c = new Browser(), again = await at(c);
  must('named the next time', again.text.includes('Sign in as Ada Fenwick'), again.text);
  await c.post(`${base}/sign-in/sso`, {});
  must('signed in again', await isIn(c));
  const csrf = /name="csrf" value="([^"]*)"/.exec((await c.open(`${base}/account`)).text)[1];
  const out = await c.post(`${base}/sign-out`, { csrf });
  must('a page stands between', out.url === `${base}/sign-in/out`, out.url);
  must('out', !await isIn(c));
});
await test('without a second factor nobody is let in', async () => {
  const b = new Browser();
  person.amr = ['pwd'];
  const page = await at(b);
  must('it is told', page.status === 403 && page.text.includes('without a second factor'), page.text);
  person.amr = ['pwd', 'mfa'];
  must('nobody is signed in', !await isIn(b));
});
await test('a passphrase alone signs nobody in', async () => {
  const b = new Browser();
  const page = await b.post(`${base}/sign-in`, { login: 'ada', passphrase: 'three plain words' });
  must('a second factor is set up first', page.url.startsWith(`${base}/account/second-factor`), page.url);
  must('nobody is signed in', !await isIn(b));
});
const straight = headers => new Promise((resolve, reject) => {
  const q = http.get({ socketPath: socket, path: '/sign-in/sso', headers }, r => {
    let text = '';
    r.on('data', d => { text += d; });
    r.on('end', () => resolve({ status: r.statusCode, text }));
  });
  q.on('error', reject);
});
const claims = { OIDC_CLAIM_iss: one.issuer, OIDC_CLAIM_sub: 'ada-at-one', OIDC_CLAIM_amr: 'mfa',
  OIDC_CLAIM_iat: String(Math.floor(Date.now() / 1000)) };
if (apache.user)
  await test('forged headers on the very socket, by another than Apache, are not heard', async () => {
    const page = await straight({ host: `localhost:${port}`, 'x-forwarded-for': '192.0.2.7', ...claims });
    must('the page is not there', page.status === 404 && !page.text.includes('Ada'), page.status);
  });
await test('under another name, or past the proxy, there is no answer', async () => {
  for (const headers of [{ host: 'evil.example', 'x-forwarded-for': '192.0.2.7' }, { host: `localhost:${port}` }]) {
    const page = await straight({ ...headers, ...claims });
    must('it is turned away', page.status >= 400 && !page.text.includes('Ada'), page.status);
  }
});
await test('forged headers through Apache do not reach the program', async () => {
  const b = new Browser();
  const r = await b.ask(`${base}/sign-in/sso`, { headers: claims });
  must('Apache asks who it is', !(await r.text()).includes('Ada'), r.status);
});
for (const p of ended.reverse()) p.kill('SIGTERM');
await Promise.all(ended.map(p => p.exitCode !== null || new Promise(r => p.once('exit', r))));
one.server.closeAllConnections();
one.server.close();
process.exit(bad ? 1 : 0);
