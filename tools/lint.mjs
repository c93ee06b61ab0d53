// tools/lint.mjs - the rules of docs/architecture.md that a program can check.
// Prints one line a fault, "FILE:LINE: what is wrong", then a line a rule; exit 1 on any fault.
import fs from 'node:fs';
import path from 'node:path';
import { execFileSync } from 'node:child_process';

const level = {
  base: -1, store: 0, stats: 0, access: 1, work: 1, ui: 1, people: 2, returns: 3, link: 3,
  timeline: 4, quality: 5, risk: 5, directory: 5, casework: 5, learning: 5,
  intake: 6, synth: 6, report: 6, web: 7, cli: 8,
};
// Sideways arrows that the house names.
const sideways = new Set(['casework>risk', 'casework>directory', 'learning>risk',
  'learning>casework', 'learning>directory']);
// Tables that are the same everywhere or span areas (docs/architecture.md).
const exempt = new Set(['setting', 'area', 'edition', 'establishment_row',
  'establishment_link_row', 'postcode_row', 'edition_past', 'establishment_past',
  'establishment_link_past', 'postcode_past', 'deprivation_row', 'benchmark_row', 'account',
  'account_role', 'invitation', 'session',
  'second_factor', 'recovery_code', 'second_factor_reset', 'sign_in_try', 'kept_form', 'schema_migration',
  'sso_provider', 'sso_link', 'sso_code']);
const limits = { function: 60, file: 800, template: 120, line: 100, parameters: 5, nesting: 3 };

const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n').filter(f => f && fs.existsSync(f));
const text = new Map();
const read = f => { if (!text.has(f)) text.set(f, fs.readFileSync(f, 'utf8')); return text.get(f); };
const faults = {};
function fault(rule, file, line, what) {
  (faults[rule] ??= []).push(`${file}${line ? ':' + line : ''}: ${what}`);
}
const rules = ['arrows', 'size', 'functions', 'readme', 'area_id', 'words'];

const sources = files.filter(f => /^src\/.*\.(c|h|def)$/.test(f));
const templates = files.filter(f => /^src\/.*\.html$/.test(f));
const room = f => f.split('/')[1];

for (const f of [...sources, ...templates]) {
  const from = room(f);
  if (!(from in level)) fault('arrows', f, 0, `the room "${from}" is not in the house`);
  read(f).split('\n').forEach((l, i) => {
    const m = l.match(/^(?:#include|\{\{#use) "([a-z]+)\/[^"]+"/);
    if (!m || !(m[1] in level) || m[1] === from) return;
    if (level[m[1]] >= level[from] && !sideways.has(`${from}>${m[1]}`))
      fault('arrows', f, i + 1, `${from} may not include ${m[1]}: arrows go down only`);
  });
}

for (const f of [...sources, ...templates, ...files.filter(f => /^tests\/.*\.[ch]$/.test(f))]) {
  const lines = read(f).split('\n');
  const most = f.endsWith('.html') ? limits.template : limits.file;
  if (!f.endsWith('.def') && !f.startsWith('tests/') && lines.length - 1 > most)
    fault('size', f, 0, `${lines.length - 1} lines; ${most} at most`);
  if (!f.endsWith('.html') && !f.endsWith('.def'))
    lines.forEach((l, i) => {
      if ([...l].length > limits.line) fault('size', f, i + 1, `over ${limits.line} columns`);
    });
}

function checkFunction(f, lines, start, end) {
  let at = start - 1;
  while (at > 0 && lines[at - 1] !== '' && !/[;}]$/.test(lines[at - 1]) && !lines[at - 1].startsWith('#')
         && !/\*\/$/.test(lines[at - 1])) at--;
  const head = lines.slice(at, start).join(' ');
  const name = (head.match(/([a-z_0-9]+)\(/) || [, '?'])[1];
  const exempted = /\/\* (table|state machine)/.test(lines[Math.max(0, at - 1)] + head);
  if (end - start + 1 > limits.function && !exempted)
    fault('functions', f, start + 1, `${name} has ${end - start + 1} lines; ${limits.function} at most`);
  const inside = head.slice(head.indexOf('(') + 1, head.lastIndexOf(')'));
  let depth = 0, n = inside.trim() && inside.trim() !== 'void' ? 1 : 0;
  for (const c of inside) {
    if (c === '(') depth++;
    else if (c === ')') depth--;
    else if (c === ',' && depth === 0) n++;
  }
  const foreign = /\/\* callback/.test(lines[Math.max(0, at - 1)]); // its form is a library's
  if (n > limits.parameters && !foreign && /^[a-z].*\(/.test(head))
    fault('functions', f, at + 1, `${name} takes ${n} parameters; ${limits.parameters} at most`);
  let nest = 0, worst = 0;
  for (let i = start; i <= end; i++) {
    const l = lines[i].replace(/"(\\.|[^"\\])*"|'(\\.|[^'\\])*'|\/\*.*?\*\//g, '');
    if (/[=,({]\s*\{|^\s*\{\s*["{.0-9A-Z]/.test(l)) continue; // initialisers
    for (const c of l) { if (c === '{') nest++; else if (c === '}') nest--; }
    worst = Math.max(worst, nest);
  }
  if (worst > limits.nesting + 1 && !exempted)
    fault('functions', f, start + 1, `${name} nests ${worst - 1} deep; ${limits.nesting} at most`);
}

for (const f of sources.filter(f => f.endsWith('.c'))) {
  const lines = read(f).split('\n');
  for (let i = 1; i < lines.length; i++) {
    if (lines[i] !== '{') continue;
    let end = i;
    while (end < lines.length && lines[end] !== '}') end++;
    checkFunction(f, lines, i, end);
    i = end;
  }
}

const folders = new Set([...sources, ...templates].map(f => path.dirname(f)));
for (const d of [...folders].filter(d => d.split('/').length === 2)) {
  const readme = path.join(d, 'README.md');
  if (!fs.existsSync(readme)) { fault('readme', d, 0, 'has no README.md'); continue; }
  const told = read(readme);
  for (const f of [...sources, ...templates].filter(f => f.startsWith(d + '/'))) {
    const name = f.slice(d.length + 1), stem = name.replace(/\.[a-z]+$/, '');
    const folder = path.dirname(name);
    if (!told.includes(name) && !told.includes(stem + '.') && !told.includes('`' + folder + '/`'))
      fault('readme', readme, 0, `says nothing of ${name}`);
  }
}

for (const f of files.filter(f => /^migrations\/.*\.sql$/.test(f))) {
  const sql = read(f);
  for (const m of sql.matchAll(/CREATE TABLE (\w+) \(\s*(\w+)/g))
    if (m[2] !== 'area_id' && !exempt.has(m[1])) fault('area_id', f, 0, `${m[1]} does not begin with area_id`);
  for (const [table, name] of sql.split('CREATE TABLE ').slice(1).map(t => [t, t.match(/^\w+/)[0]]))
    for (const m of exempt.has(name) ? [] : table.matchAll(/PRIMARY KEY \((\w+)/g))
      if (m[1] !== 'area_id' && m[1] !== 'edition')
        fault('area_id', f, 0, `a key begins with ${m[1]}`);
}
const tables = new Set([...files.filter(f => /^migrations\/.*\.sql$/.test(f)).map(read).join('\n')
  .matchAll(/CREATE TABLE (\w+)/g)].map(m => m[1]).filter(t => !exempt.has(t)));
for (const f of sources.filter(f => f.endsWith('.c')))
  for (const m of read(f).matchAll(/\bsql_\w+\[\] =([^;]*);/g)) {
    const macros = [...read(f).matchAll(/#define (\w+)((?:.*\\\n)*.*)/g)];
    for (const [, name, body] of macros) m[1] = m[1].replaceAll(new RegExp(`\\b${name}\\b`, 'g'), () => body);
    const sql = [...m[1].matchAll(/"((?:\\.|[^"\\])*)"/g)].map(x => x[1]).join('');
    const used = [...sql.matchAll(/\b(?:FROM|JOIN|INTO|UPDATE) (\w+)/g)].map(x => x[1]).filter(t => tables.has(t));
    if (used.length && !/area_id/.test(sql))
      fault('area_id', f, read(f).slice(0, m.index).split('\n').length, `SQL on ${used[0]} without area_id`);
  }

for (const f of files.filter(f => !/\.(png|svg|lock)$|package-lock/.test(f) && f !== 'tools/lint.mjs'))
  read(f).split('\n').forEach((l, i) => {
    if (/\b(TODO|FIXME|XXX)\b/.test(l) && f !== 'docs/roadmap.md' && !/CONTRIBUTING|architecture\.md/.test(f))
      fault('words', f, i + 1, 'a TODO belongs into docs/roadmap.md');
    if (/\/(work|home)\/|registry\.npmjs|off-roll(ed|ing)\b(?!")/i.test(l) && !/^(docs\/|tests\/golden)/.test(f)
        && !/network|http/.test(f) && /\/(work|home)\/[a-z]|registry\.npmjs/.test(l))
      fault('words', f, i + 1, 'names a machine\'s path or a registry');
  });

let bad = 0;
for (const r of rules) {
  const list = faults[r] ?? [];
  for (const x of list) console.log(x);
  console.log(`${list.length ? 'not ok' : 'ok'} lint ${r}`);
  bad += list.length;
}
process.exit(bad ? 1 : 0);
