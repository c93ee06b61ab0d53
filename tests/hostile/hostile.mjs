// hostile.mjs TEST ROOTED HOME: one test of the served program; exit 1 with a sentence when it
// fails.  Waits are for events, each with a deadline; nothing sleeps.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';

const [, , test, rooted, home] = process.argv;
const env = { ...process.env, ROOTED_HOME: home, ROOTED_DB: '' };
const passphrase = 'three plain words';

function check(truth, what) {
  if (!truth) { console.error(what); process.exit(1); }
}
function command(...args) {
  return spawnSync(rooted, args, { env, input: passphrase + '\n', encoding: 'utf8' });
}
function within(promise, what, ms = 120000) {
  let timer;
  const late = new Promise((_, no) => { timer = setTimeout(() => no(new Error('too late: ' + what)), ms); });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
// Starts the server; gives its process, address, and what it writes to its log.
async function serve(...args) {
  const child = spawn(rooted, ['serve', ...args], { env });
  const s = { child, log: '', out: '' };
  s.ended = new Promise(yes => child.on('exit', (code, signal) => yes({ code, signal })));
  child.stderr.on('data', d => { s.log += d; });
  await within(new Promise((yes, no) => {
    child.stdout.on('data', d => { s.out += d; if (s.out.includes('\n')) yes(); });
    s.ended.then(() => no(new Error('the server ended: ' + s.log)));
  }), 'the server says where it is');
  s.port = Number((s.out.match(/127\.0\.0\.1:(\d+)/) ?? [])[1]);
  return s;
}
// One request; gives status, headers and body, or status 0 when the connection broke.
function ask(where, path, { method = 'GET', headers = {}, body } = {}) {
  return within(new Promise(yes => {
    const own = `http://127.0.0.1:${where.port}`;
    const options = { ...where, path, method, agent: false,
      headers: { ...(body ? { Origin: own, 'Content-Type': 'application/x-www-form-urlencoded' } : {}), ...headers } };
    if (where.socketPath) options.headers.Host = 'localhost';
    const q = http.request(options, r => {
      let text = '';
      r.on('data', d => { text += d; });
      r.on('end', () => yes({ status: r.statusCode, headers: r.headers, body: text }));
      r.on('error', () => yes({ status: 0 }));
    });
    q.on('error', () => yes({ status: 0 }));
    q.end(body);
  }), 'an answer');
}
function signIn(where, login, words = passphrase) {
  const body = new URLSearchParams({ login, passphrase: words }).toString();
  return ask(where, '/sign-in', { method: 'POST', body });
}
function at(s) { return { host: '127.0.0.1', port: s.port }; }
function addPerson(login) {
  const r = command('user', 'add', login, '--admin', '--name', 'Zebedee Quillfeather', '--password-stdin');
  check(r.status === 0, 'no account: ' + r.stderr);
}
async function stop(s, signal = 'SIGTERM') {
  s.child.kill(signal);
  return within(s.ended, 'the server ends');
}

const tests = {
  // A unix socket is for the server's group; one left behind by a kill is replaced.
  async socket() {
    const path = home + '/s';
    let s = await serve('--socket', path);
    check((fs.statSync(path).mode & 0o777) === 0o660, 'the socket may be used by anybody');
    check((await ask({ socketPath: path }, '/health')).status === 200, 'no answer on the socket');
    const second = command('serve', '--socket', path);
    check(second.status === 3 && second.stderr.includes('running already'), 'a second server took the socket');
    check((await ask({ socketPath: path }, '/health')).status === 200, 'the first lost its socket');
    await stop(s, 'SIGKILL');
    check(fs.existsSync(path), 'a killed server cannot clean up');
    s = await serve('--socket', path);
    check((await ask({ socketPath: path }, '/health')).status === 200, 'a dead socket was in the way');
    check((await stop(s)).code === 0, 'it did not end well');
    check(!fs.existsSync(path), 'the socket was left behind');
  },

  async twice() {
    const s = await serve('--port', '0');
    const second = command('serve', '--port', String(s.port));
    check(second.status === 3 && second.stderr.includes('running already'), 'a second server took the port');
    check((await ask(at(s), '/health')).status === 200, 'the first was disturbed');
    await stop(s);
  },

  // Told to stop, it takes nobody new, answers those under way, and ends with 0.
  async stop() {
    const s = await serve('--port', '0');
    const body = 'login=nobody&passphrase=x';
    const c = net.connect(s.port, '127.0.0.1');
    let text = '';
    const answered = new Promise(yes => { c.on('data', d => { text += d; }); c.on('close', yes); });
    const continued = new Promise(yes => c.on('data', d => { if (String(d).includes('100 Continue')) yes(); }));
    c.write('POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nSec-Fetch-Site: same-origin\r\n' +
      'Expect: 100-continue\r\nContent-Type: application/x-www-form-urlencoded\r\n' +
      `Content-Length: ${body.length}\r\n\r\n`);
    await within(continued, 'the server asks for the body');
    s.child.kill('SIGTERM');
    // its socket closes when it listens no more
    await within((async () => { while ((await ask(at(s), '/health')).status) continue; })(), 'it stops listening');
    c.write(body);
    await within(answered, 'the answer to the request under way');
    check(text.includes('HTTP/1.1 422'), 'the request under way was not answered: ' + text.slice(0, 200));
    const end = await within(s.ended, 'the end');
    check(end.code === 0, `it ended with ${end.code} ${end.signal}`);
  },

  // kill -9 while people sign in: whoever got an answer is in the audit.
  async killed() {
    addPerson('zeb');
    let seen = 0;
    for (let round = 0; round < 3; round++) {
      const s = await serve('--port', '0');
      const asked = Array.from({ length: 12 }, () => signIn(at(s), 'zeb').then(r => {
        if (r.status === 303) { seen++; if (seen % 4 === 3) s.child.kill('SIGKILL'); }
      }));
      await Promise.all(asked);
      await stop(s, 'SIGKILL');
    }
    check(seen > 0, 'nobody signed in');
    const r = spawnSync('sqlite3', [home + '/rooted.db',
      "SELECT count(*) FROM audit WHERE act = 'sign-in' AND outcome = 'allowed'"], { encoding: 'utf8' });
    check(Number(r.stdout) >= seen, `${seen} saw their page, but the audit knows of ${r.stdout}`);
    const s = await serve('--port', '0');
    check((await signIn(at(s), 'zeb')).status === 303, 'nobody can sign in after the kills');
    await stop(s);
    check(JSON.parse(command('check', '--json').stdout).every(x => x.ok), 'something is not well');
  },

  // kill -9 while people read and change: no page was seen that the audit does not know of; no
  // change is without its entry, no entry without its change; the chain is whole.
  async audited() {
    const sql = q => spawnSync('sqlite3', ['-cmd', '.timeout 10000', home + '/rooted.db', q], { encoding: 'utf8' }).stdout.trim();
    const added = command('user', 'add', 'ann', '--role', 'analyst', '--area', '1', '--name', 'Ann', '--password-stdin');
    check(added.status === 0, 'no account: ' + added.stderr);
    sql("INSERT INTO area (area_id, name, next_id) VALUES (1, 'Ashmere', 1)");
    const read = new Set(), kept = new Set();
    // the audit keeps a hash of the letters that names are looked for by
    const letters = word => word.replace(/\d/g, d => 'abcdefghij'[d]);
    for (let round = 0; round < 4; round++) {
      const s = await serve('--port', '0');
      const half = await signIn(at(s), 'ann');
      check(half.status === 303, 'ann was not let in');
      sql("UPDATE session SET stage = 'in'"); // a second factor is another test's
      const Cookie = half.headers['set-cookie'][0].split(';')[0];
      const csrf = (await ask(at(s), '/help', { headers: { Cookie } })).body.match(/name="csrf" value="([^"]*)"/)[1];
      let answers = 0;
      const answered = () => { if (++answers === 10 + 7 * round) s.child.kill('SIGKILL'); };
      const look = word => ask(at(s), `/children?q=${word}`, { headers: { Cookie } }).then(r => {
        if (r.status === 200 && r.body.includes('</html>')) { read.add(word); answered(); }
      });
      const change = name => ask(at(s), '/early/views', { method: 'POST', headers: { Cookie },
        body: new URLSearchParams({ csrf, name }).toString() }).then(r => {
        if (r.status === 303) { kept.add(name); answered(); }
      });
      const asked = [];
      for (let i = 0; i < 60; i++) asked.push(i % 12 === 5 ? change(`view ${round} ${i}`) : look(letters(`word${round}x${i}`)));
      await Promise.all(asked);
      await stop(s, 'SIGKILL');
    }
    check(read.size >= 40, `only ${read.size} pages were seen`);
    const searched = Number(sql("SELECT count(DISTINCT subject) FROM audit WHERE event = 'searched'"));
    check(searched >= read.size, `${read.size} searches were answered, but the audit knows of ${searched}`);
    const views = sql('SELECT name FROM saved_view').split('\n').filter(Boolean);
    for (const name of kept) check(views.includes(name), `"${name}" was said to be kept, and is gone`);
    const changed = Number(sql("SELECT count(*) FROM audit WHERE event = 'changed' AND act = 'signs' AND outcome = 'allowed'"));
    check(changed === views.length, `${views.length} views were kept, but the audit knows of ${changed}`);
    const verified = command('audit', 'verify');
    check(verified.status === 0, 'the audit is not whole: ' + verified.stderr);
    // told to stop, it signs the head of what was done until then
    const s = await serve('--port', '0');
    check((await signIn(at(s), 'ann')).status === 303, 'nobody can sign in after the kills');
    check((await stop(s)).code === 0, 'it did not end well');
    const last = command('audit', 'verify', '--area', '0').stdout.match(/: (\d+) entr[a-z]+, whole; up to entry (\d+)/);
    const own = command('audit', 'verify', '--area', '1').stdout.match(/: (\d+) entr[a-z]+, whole; up to entry (\d+)/);
    check(last && last[1] === last[2] && own && own[1] === own[2], 'the last entries have no signed head');
  },

  // Requests broken at random, the same ones each time.
  async broken() {
    const s = await serve('--port', '0');
    let seed = 20261125;
    const next = n => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed % n; };
    const good = ['GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: rooted=x\r\n\r\n',
      'POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nSec-Fetch-Site: same-origin\r\n' +
      'Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 8\r\n\r\nlogin=ab',
      'POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n0\r\n\r\n'];
    const one = () => within(new Promise(yes => {
      const bytes = Buffer.from(good[next(3)], 'latin1');
      for (let i = next(6); i >= 0; i--) bytes[next(bytes.length)] = next(256);
      const c = net.connect(s.port, '127.0.0.1', () => c.end(bytes));
      c.on('data', () => {});
      c.on('error', yes);
      c.on('close', yes);
    }), 'a broken request is over');
    for (let i = 0; i < 100; i++)
      await Promise.all(Array.from({ length: 10 }, one));
    check((await ask(at(s), '/health')).status === 200, 'it does not answer any more');
    check((await stop(s)).code === 0, 'it did not end well: ' + s.log.slice(-2000));
  },

  // The log tells the operator what happened, but not to whom.
  async log() {
    addPerson('zebedee');
    const s = await serve('--port', '0');
    const wrong = await signIn(at(s), 'mrs.miggins', 'hunter2 hunter2 hunter2');
    check(wrong.status === 422, 'somebody unknown came in');
    const right = await signIn(at(s), 'zebedee');
    check(right.status === 303, 'the right one did not');
    const cookie = right.headers['set-cookie'][0].split(';')[0];
    await ask(at(s), '/children/987654321?q=Blenkinsop', { headers: { Cookie: cookie } });
    await ask(at(s), '/nobody/Blenkinsop', { headers: { Cookie: cookie } });
    await stop(s);
    check(s.log.includes('event=page') && s.log.includes('route=/sign-in') && s.log.includes('status=422'),
      'the log does not say what happened');
    for (const word of ['miggins', 'hunter2', 'zebedee', 'Zebedee', 'Blenkinsop', '987654321', passphrase,
      cookie.split('=')[1]])
      check(!s.log.includes(word), `the log holds "${word}"`);
  },
};

process.on('unhandledRejection', e => { console.error(e.message); process.exit(1); });
await tests[test]();
process.exit(0);
