// tests/bench/bench.mjs BINARY SIZE FOLDER [all|analyses|figures] - measures what the program promises and prints JSON.
// Nothing here passes or fails: figures stand beside their bars ("must", "aim").
import { spawn, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import os from 'node:os';
import { totp } from '../browser/totp.mjs';

const [binary, size, folder, part = 'all'] = process.argv.slice(2);
const pupils = { small: 2000, town: 12000, la: 50000, region: 500000 }[size];
const out = { size, cores: os.cpus().length, measured: {} };
const put = (name, value, unit, bars = {}) => { out.measured[name] = { value, unit, ...bars }; };
const files = path.join(folder, `${size}.files`);
const home = path.join(folder, `${size}.home`);
const env = { ...process.env, ROOTED_HOME: home };
delete env.ROOTED_DB;

// Runs a command; gives seconds, those of the processor, peak memory in MB, and what it printed.
function run(args) {
  return new Promise((resolve, reject) => {
    const start = process.hrtime.bigint();
    const child = spawn(binary, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '', peak = 0, processor = 0;
    child.stdout.on('data', d => { text += d; });
    const look = setInterval(() => {
      try {
        const m = fs.readFileSync(`/proc/${child.pid}/status`, 'utf8').match(/VmHWM:\s+(\d+)/);
        if (m) peak = Math.max(peak, +m[1] / 1024);
        processor = fs.readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ')
          .slice(11, 13).reduce((n, ticks) => n + +ticks / 100, 0);
      } catch { /* it has ended */ }
    }, 20);
    child.on('close', code => {
      clearInterval(look);
      const seconds = Number(process.hrtime.bigint() - start) / 1e9;
      if (code > 1) reject(new Error(`${args.join(' ')} ended with ${code}`));
      else resolve({ seconds, processor, peak, text });
    });
  });
}
const round = (x, places = 2) => Math.round(x * 10 ** places) / 10 ** places;
const bytes = d => fs.readdirSync(d, { withFileTypes: true, recursive: true })
  .filter(f => f.isFile()).reduce((n, f) => n + fs.statSync(path.join(f.parentPath ?? f.path, f.name)).size, 0);

function program(name, args = []) {
  const exe = path.join('build/bench', name);
  return fs.existsSync(exe) ? execFileSync(exe, args, { encoding: 'utf8' }) : '';
}

// A signed-in cookie, as a browser gets it.
async function signIn(base, who) {
  const post = async (path, form, cookie) => {
    const r = await fetch(base + path, { method: 'POST', redirect: 'manual',
      body: new URLSearchParams(form), headers: { cookie, origin: base } });
    const given = r.headers.get('set-cookie')?.split(';')[0];
    if (!given) throw new Error(`${path} answered ${r.status} without a cookie`);
    return given;
  };
  const half = await post('/sign-in', { login: who.login, passphrase: who.passphrase }, '');
  const page = await (await fetch(`${base}/sign-in/code`, { headers: { cookie: half } })).text();
  const csrf = page.match(/name="csrf" value="([^"]*)"/)[1];
  return post('/sign-in/code', { csrf, code: totp(who.secret, Math.floor(Date.now() / 30000)) }, half);
}
function wrk(url, cookie, seconds) {
  const text = execFileSync('wrk', ['-t1', '-c32', `-d${seconds}s`, '--latency', '-H', `Cookie: ${cookie}`, url],
    { encoding: 'utf8' });
  const ms = s => { const m = text.match(new RegExp(`${s}%\\s+([0-9.]+)(us|ms|s)`));
    return m ? +m[1] * { us: 1e-3, ms: 1, s: 1e3 }[m[2]] : null; };
  return { median: ms(50), p99: ms(99), requests: +text.match(/(\d+) requests in/)[1],
    a_second: round(+text.match(/Requests\/sec:\s+([0-9.]+)/)[1], 0), bad: /Non-2xx/.test(text) };
}

put('calibration', +program('calibrate'), 'million rounds a second');
function readers() {
  const csv = program('bench_csv').trim();
  if (csv) put('csv_reader', csv, 'as printed', { must: '300 MB/s a core', aim: '1 GB/s' });
  const records = program('bench_records').trim();
  if (records) put('files_to_records', records, 'as printed', { must: 'XML 60% of expat alone' });
  const columns = program('bench_timeline').trim();
  if (columns) put('column_file', columns, 'as printed', { must: '5 s, 300 MB' });
  for (const [services, must, aim] of [[3000, 'p95 1 ms'], [100000, 'p95 25 ms, built in 5 s', 'p95 5 ms']])
    put(`directory of ${services}`, program('bench_directory', [folder, String(services)]).trim(), 'as printed', { must, aim });
}
if (part === 'all') readers();

async function synth(folder, seed) {
  if (fs.existsSync(path.join(folder, 'done'))) return;
  fs.rmSync(folder, { recursive: true, force: true });
  fs.rmSync(`${folder}.truth`, { recursive: true, force: true });
  fs.rmSync(`${folder}.directory`, { recursive: true, force: true });
  const r = await run(['synth', '--quiet', '--size', size, '--seed', seed, '--registers', 'year', folder]);
  put(`synth, seed ${seed}`, round(r.seconds), 's');
  fs.writeFileSync(path.join(folder, 'done'), '');
}
// Column file, figures, signs and quality of what is loaded.  A pupil's part of the processor must
// not grow with the authority: of la and of region the same within 15 %.  Where steps run beside
// each other (an authority that is not too large, on several cores) each has some of the other's.
async function analyse() {
  fs.rmSync(path.join(home, 'timeline-1.columns'), { force: true });
  const figures = await run(['figures', '--json']);
  const f = JSON.parse(figures.text);
  const bars = { column_file: { must: 5 }, analyses: { must: 2, aim: 0.5 }, signs: { must: 1 } };
  for (const step of ['column_file', 'analyses', 'write', 'signs', 'signs_write', 'quality', 'quality_write']) {
    put(step, round(f[`${step}_us`] / 1e6), 's', size === 'region' ? {} : bars[step]);
    put(`${step}, a pupil`, round(f[`${step}_processor_us`] / pupils, 1), 'microseconds of the processor');
    put(`${step}, memory`, round(f[`${step}_peak_kb`] / 1024, 0), 'MB resident, the most by its end');
  }
  put('figures, a pupil', round(1e6 * figures.processor / pupils, 1), 'microseconds of the processor');
  put('figures, memory', round(figures.peak, 0), 'MB resident', { must: size === 'region' ? 600 : 300 });
}
function finish() {
  console.log(JSON.stringify(out, null, 2));
  process.exit(0);
}
if (part === 'figures') {
  await analyse();
  finish();
}
await synth(files, '20240607');
put('files', round(bytes(files) / 1e6, 1), 'MB');
fs.rmSync(home, { recursive: true, force: true });
fs.mkdirSync(home, { recursive: true });
await run(['setup', '--demonstration', '--council', 'Ashmere Council']);
// Registers of attendance are measured apart, the last two weeks of them one by one.
const registers = path.join(files, 'registers');
const weeks = fs.readdirSync(registers).filter(n => n.startsWith('week-')).sort().slice(-2);
const others = fs.readdirSync(files).filter(n => n !== 'registers' && n !== 'done').map(n => path.join(files, n));
const load = await run(['load', '--json', '--quiet', '--no-figures', ...others]);
const demo = JSON.parse((await run(['user', 'demo', '--json'])).text);
put('load', round(load.seconds), 's', { must: 30, aim: 15 });
put('load_memory', round(load.peak, 0), 'MB resident', size === 'region' ? {} : { must: 300 });
put('load_longest_hold', round(JSON.parse(load.text).longest_hold_us / 1000, 1), 'ms of the writer',
  { must: 50 });
put('database, before registers', round(fs.statSync(path.join(home, 'rooted.db')).size / 1e6, 1), 'MB', size === 'region' ? {} : { must: 500 });
const early = fs.readdirSync(registers).filter(n => !weeks.includes(n)).map(n => path.join(registers, n));
const marks = await run(['load', '--json', '--quiet', '--no-figures', '--area', '1', ...early]);
put('registers, seven years and the last weeks', round(marks.seconds), 's');
put('registers_memory', round(marks.peak, 0), 'MB resident', { must: 200 });
await analyse();
const week = i => ['load', '--quiet', '--area', '1', path.join(registers, weeks[i])];
const alone = await run([...week(0), '--no-figures']);
await run(['figures']);
const refreshed = await run(week(1));
put('week of registers loaded', round(alone.seconds), 's');
put('refresh after it, figures and signs', round(refreshed.seconds - alone.seconds), 's', { must: 1 });
put('refresh after it, processor', round(refreshed.processor - alone.processor), 's');
put('database', round(fs.statSync(path.join(home, 'rooted.db')).size / 1e6, 1), 'MB, with seven years of marks', { must: 900 });

// A school year of registers of 50,000 pupils, in a database of its own: rows, then strings.
async function year(form, name) {
  const own = path.join(folder, `marks.${form}.home`), made = path.join(folder, 'marks');
  if (!fs.existsSync(path.join(made, 'counts.json'))) {
    fs.rmSync(made, { recursive: true, force: true });
    fs.mkdirSync(made, { recursive: true });
    const text = program('marks_files', [made, '50000']);
    fs.writeFileSync(path.join(made, 'counts.json'), text);
  }
  fs.rmSync(own, { recursive: true, force: true });
  fs.mkdirSync(own, { recursive: true });
  env.ROOTED_HOME = own;
  const size = () => fs.statSync(path.join(own, 'rooted.db')).size;
  const take = file => run(['load', '--quiet', '--no-figures', '--area', '1', path.join(made, file)]);
  await take('terms.csv');
  const before = size(), r = await take(name), n = JSON.parse(fs.readFileSync(path.join(made, 'counts.json'))).marks;
  env.ROOTED_HOME = home;
  put(`a year of marks as ${form}`, round(r.seconds), 's', { must: form === 'rows' ? 20 : 3 });
  put(`a year of marks as ${form}, memory`, round(r.peak, 0), 'MB resident', { must: 200 });
  if (form === 'strings') put('weeks of a year of registers', program('bench_marks', [own]).trim(), 'as printed');
  put(`a year of marks as ${form}, on disk`, round((size() - before) / n, 3), 'bytes a mark, who they are of included', { must: 1.3 });
}
// Every postcode of the country, in a database of its own: loaded, then loaded anew.
async function postcodes() {
  const n = 1700000, own = path.join(folder, 'postcodes.home'), file = path.join(folder, 'postcodes.csv');
  const l = 'ABDEFGHJLNPQRSTUWXYZ', two = (x, digits) => String(x).padStart(digits, '0');
  const out = fs.openSync(file, 'w');
  let text = 'pcd7,pcd8,pcds,dointr,doterm,usrtypind,lad25cd,wd25cd,lsoa11cd,lsoa21cd\n';
  for (let i = 0; i < n; i++) {
    const code = l[Math.floor(i / 160000)] + l[Math.floor(i / 40000) % 4] + (1 + Math.floor(i / 4000) % 10) + ' ' +
      Math.floor(i / 400) % 10 + l[Math.floor(i / 20) % 20] + l[i % 20];
    text += `${code},${code},${code},199806,,0,E06${two(i % 300, 6)},E05${two(i % 8000, 6)},` +
      `E01${two(i % 32844, 6)},E01${two(i % 33755, 6)}\n`;
    if (text.length > 1e6) { fs.writeSync(out, text); text = ''; }
  }
  fs.writeSync(out, text);
  fs.closeSync(out);
  fs.rmSync(own, { recursive: true, force: true });
  fs.mkdirSync(own, { recursive: true });
  env.ROOTED_HOME = own;
  const take = () => run(['load', '--quiet', '--no-figures', '--area', '1', file]);
  const r = await take();
  fs.appendFileSync(file, 'ZE1 9ZZ,ZE1 9ZZ,ZE1 9ZZ,199806,,0,E06000001,E05000001,E01000001,E01000001\n');
  const again = await take();
  env.ROOTED_HOME = home;
  put('1.7 million postcodes', round(r.seconds), 's');
  put('1.7 million postcodes, the next edition', round(again.seconds), 's');
  put('1.7 million postcodes, memory', round(Math.max(r.peak, again.peak), 0), 'MB resident, the file of 140 MB included');
  fs.rmSync(own, { recursive: true, force: true });
  fs.rmSync(file);
}
if (part === 'all') {
  await postcodes();
  await year('rows', 'daily.csv');
  await year('strings', 'year.csv');
}

const test = await run(['signs', 'test', '--json']);
put('signs_test', round(test.seconds), 's, 150 Sundays', { must: 60 });
put('signs_test_memory', round(test.peak, 0), 'MB resident');
if (part !== 'all') finish();

// A million entries of the audit, in a database of its own, and the tool for outsiders on them.
function audit() {
  const own = path.join(folder, 'audit');
  fs.rmSync(own, { recursive: true, force: true });
  fs.mkdirSync(own, { recursive: true });
  put('audit', program('bench_audit', [own]).trim(), 'as printed', { must: 'verify 500000 entries/s' });
  const at = { env: { ...env, ROOTED_HOME: own, ROOTED_DB: `sqlite:${own}/audit.db` }, encoding: 'utf8' };
  execFileSync(binary, ['audit', 'sign'], at);
  const key = execFileSync(binary, ['audit', 'key'], at).trim(), start = process.hrtime.bigint();
  execFileSync(`${binary}-audit-verify`, [`${own}/entries`, `${own}/heads/audit.heads`, key]);
  put('audit verified outside', round(1e6 / (Number(process.hrtime.bigint() - start) / 1e9), 0), 'entries/s',
    { must: 500000 });
  fs.rmSync(own, { recursive: true, force: true });
}
audit();

// permit() when a connection remembers what it was asked; 50,000 children without those not to be seen.
function permit() {
  const own = path.join(folder, 'permit');
  fs.rmSync(own, { recursive: true, force: true });
  fs.mkdirSync(own, { recursive: true });
  const text = program('bench_permit', [own]);
  fs.rmSync(own, { recursive: true, force: true });
  if (!text) return;
  const p = JSON.parse(text);
  put('permit, of the whole area', p.area_ns, 'ns', { must: 1000 });
  put('permit, of a school', p.school_ns, 'ns', { must: 1000 });
  put('permit, with its note for the audit', p.noted_ns, 'ns', { must: 1000 });
  put('list of 50,000 children by relation', p.list_ms, 'ms', { must: 20 });
  put('list of 50,000 children by relation, in SQL', p.list_sql_ms, 'ms', { must: 20 });
}
permit();

const port = 20000 + process.pid % 20000;
const server = spawn(binary, ['serve', '--port', String(port)], { env, stdio: 'ignore' });
const base = `http://127.0.0.1:${port}`;
try {
  for (let i = 0; i < 200; i++) {
    try { if ((await fetch(`${base}/health`)).ok) break; } catch { /* not yet */ }
    await new Promise(r => setTimeout(r, 50));
  }
  const who = demo.find(d => d.role === 'analyst');
  const cookie = await signIn(base, who);
  const rss = () => +fs.readFileSync(`/proc/${server.pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1] / 1024;
  put('server_at_rest', round(rss(), 0), 'MB resident', { must: 100 });
  const list = await (await fetch(`${base}/children?measure=susp`, { headers: { cookie } })).text();
  const child = (list.match(/href="(\/children\/\d+)"/) ?? [])[1];
  const all = await (await fetch(`${base}/schools`, { headers: { cookie } })).text();
  const school = (all.match(/href="(\/schools\/\d+)"/) ?? [])[1];
  const pages = ['/', '/overview', '/at-risk', '/cliff-edge', '/schools', school, '/children?measure=susp',
    '/children?q=smith', '/children?q=jack+w', child, '/data'].filter(Boolean);
  // Processor time is the figure to compare: others on the machine change it least.
  const processor = () => fs.readFileSync(`/proc/${server.pid}/stat`, 'utf8').split(') ')[1].split(' ')
    .slice(11, 13).reduce((n, ticks) => n + 10 * +ticks, 0);
  const measure = during => {
    for (const p of pages) {
      const before = processor();
      const w = wrk(base + p, cookie, 3);
      put(`page ${p.replace(/\d+/, 'N')}${during}`,
        { median: w.median, p99: w.p99, a_second: w.a_second, processor: round((processor() - before) / w.requests), errors: w.bad },
        'ms with 32 readers; ms of the processor a page', { must: '20 median, 100 p99' });
    }
  };
  for (const p of pages) {
    const r = await fetch(base + p, { headers: { cookie, 'accept-encoding': 'gzip' } });
    put(`size of ${p.replace(/\d+/, 'N')}`, round(+(r.headers.get('content-length') ?? 0) / 1000, 1), 'kB gzipped', { must: 60 });
    await r.arrayBuffer();
  }
  measure('');
  // Each leaves entries that are on disk before a byte of the page leaves.
  for (const [name, p] of [['a child', child], ['a search', '/children?q=jack+w'], ['a school', school]].filter(x => x[1])) {
    const before = processor(), w = wrk(base + p, cookie, 5);
    put(`audited page views, ${name}`, { a_second: w.a_second, median: w.median, processor: round((processor() - before) / w.requests) },
      'with 32 readers; ms; ms of the processor a page', { must: '2000 a second, 25 ms median' });
  }
  const more = path.join(folder, `${size}.more`);
  await synth(more, '2');
  const second = spawn(binary, ['load', '--quiet', '--no-figures', more], { env, stdio: 'ignore' });
  measure(', during a load');
  put('the load outlasted the readers', second.exitCode === null, '');
  second.kill();
  put('server_after', round(rss(), 0), 'MB resident');
} finally { server.kill(); }
console.log(JSON.stringify(out, null, 2));
