// tests/cli/truth.mjs DATABASE TRUTH REPORT.csv - does the program find what the invented
// authority planted?  DATABASE is the SQLite file, TRUTH the folder OUT.truth of synth, REPORT
// what "rooted report who-is-at-risk --internal --csv" wrote.  Prints what became of each kind
// of move, then "ok name" or "not ok name: why" for each stated recall (issue, analytics §2.3).
import fs from 'node:fs';
import { execFileSync } from 'node:child_process';

const [database, truth, report] = process.argv.slice(2);
const say = (good, name, detail) => console.log(`${good ? 'ok' : 'not ok'} ${name}: ${detail}`);
const ask = sql => JSON.parse(
  execFileSync('sqlite3', ['-json', database, sql], { maxBuffer: 1 << 30 }).toString() || '[]');
function table(path) { // none of these files needs quotes but in text that is not used here
  const [head, ...rows] = fs.readFileSync(path, 'utf8').trim().split(/\r?\n/)
    .map(l => [...l.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(m => m[1]));
  return rows.map(r => Object.fromEntries(head.map((k, i) => [k, r[i]])));
}
const planted = name => table(`${truth}/${name}.csv`);
const names = file => [...fs.readFileSync(`src/risk/${file}`, 'utf8')
  .matchAll(/^(?:MEASURE|NEED|THRESHOLD)\((\w+)/gm)].map(m => m[1]);
const bits = Object.fromEntries(names('measures.def').map((n, i) => [n, 2 ** i]));
const has = (v, name) => Math.floor(v / bits[name]) % 2 === 1;
const days = iso => Date.parse(iso) / 864e5;
const yearOf = iso => +iso.slice(0, 4) - (iso.slice(5) < '08-01' ? 1 : 0);
const add = (map, key, v) => map.set(key, (map.get(key) ?? new Set()).add(v));
// at least this many of them; few of a kind may miss one
const enough = (found, of, least) => of > 0 && (found >= least * of || (of < 20 && found >= of - 1));

// ---- who is who: by a number of one's own, and by name and date of birth ---------------------
const children = new Map(planted('children').map(c => [c.Person, c]));
const identifiers = planted('identifiers');
const shared = new Set(identifiers.filter(i => i.Kind === 'another-childs-upn').map(i => i.Value));
const identities = ask('SELECT person_id, upn, local_id, surname, forename, born, source FROM identity');
const byUpn = new Map(), byName = new Map(), own = new Map(), persons = new Map();
for (const i of identities) {
  if (!i.person_id || i.source !== 'school') continue;
  if (i.upn) add(byUpn, i.upn, i.person_id);
  add(byName, `${i.surname}|${i.forename}|${i.born}`, i.person_id);
}
for (const i of identifiers)
  if (!shared.has(i.Value) && i.Kind !== 'local-id') add(own, i.Person, i.Value);
for (const [p, c] of children) {
  for (const upn of own.get(p) ?? []) for (const q of byUpn.get(upn) ?? []) add(persons, p, q);
  for (const q of byName.get(`${c.Surname}|${c.Forename}|${days(c.DOB)}`) ?? []) add(persons, p, q);
}
const everywhere = [...persons.values()];
const once = everywhere.filter(s => s.size === 1).length;
say(enough(once, everywhere.length, 0.995), 'a child is one person', `${once} of ${everywhere.length}`);

// ---- what became of each ---------------------------------------------------------------------
const rows = new Map();
for (const r of ask(`SELECT c.* FROM child_year c JOIN snapshot_year y ON y.area_id = c.area_id
    AND y.rows_of = c.snapshot_id AND y.school_year = c.school_year JOIN snapshot s
    ON s.area_id = y.area_id AND s.snapshot_id = y.snapshot_id WHERE s.state = 'current'`)) rows.set(`${r.person_id} ${r.school_year}`, r);
const row = (person, year) =>
  [...persons.get(person) ?? []].map(p => rows.get(`${p} ${year}`)).find(Boolean);
const TYPES = ['M_PEX', 'M_MM', 'M_MOVE', 'M_EXIT', 'M_EHE', 'M_CME', 'M_AP'];
function became(r) {
  if (!r) return 'not there';
  return TYPES.filter(t => has(r.met, t)).map(t => t !== 'M_MOVE' ? t.slice(2)
    : has(r.met, 'M_UNEXPLAINED') && !has(r.met, 'M_EXIT') ? 'UNEXPLAINED' : 'FAMILY').join('+') || 'none';
}

// The day of a census: the first Thursday of October, the third of January and of May.
function censusDay(year, term) {
  const d = new Date(Date.UTC(year + (term > 1), [9, 0, 4][term - 1], 1));
  d.setUTCDate(1 + (11 - d.getUTCDay()) % 7 + (term > 1 ? 14 : 0));
  return d.getTime() / 864e5;
}
const [span] = ask(`SELECT MIN(school_year * 10 + term) AS first, MAX(school_year * 10 + term) AS last
    FROM census_pupil`);
const first = censusDay(Math.floor(span.first / 10), span.first % 10);
const last = censusDay(Math.floor(span.last / 10), span.last % 10);
const seen = new Map(), guest = new Set(), homes = new Map();
for (const c of ask(`SELECT i.person_id AS p, c.urn, c.school_year AS y, c.term AS t, c.status,
    c.postcode FROM census_pupil c JOIN identity i USING (area_id, identity_id)
    WHERE c.on_roll = 1`)) {
  const day = censusDay(c.y, c.t);
  add(seen, c.p, day);
  if (c.postcode) add(homes, c.p, day);
  if (c.status === 'S' || c.status === 'G') guest.add(`${c.p} ${c.urn}`);
}
const some = (person, map, f) =>
  [...persons.get(person) ?? []].some(p => [...map.get(p) ?? []].some(f));

// Who leaves in summer leaves in the year that ends, also where the next school starts later.
function leavingYear(m) {
  const md = m.Date.slice(5), summer = m.ToURN && md >= '08-01' && md <= '09-15';
  return +m.SchoolYear - (summer && m.Kind !== 'permanent-exclusion' ? 1 : 0);
}
const SCHOOL_MOVES = new Set(['family', 'looked-after', 'unexplained', 'managed-direct', 'managed-held',
  'managed-failed', 'exit-ehe', 'exit-unknown', 'left-area', 'permanent-exclusion', 'reintegration',
  'special-school', 'alternative-provision', 'phase-transfer']);
const all = planted('moves').filter(m => SCHOOL_MOVES.has(m.Kind) && persons.has(m.Person))
  .map(m => ({ ...m, day: days(m.Date), year: leavingYear(m) }));
const busy = new Map();
for (const m of all) add(busy, `${m.Person} ${m.year}`, m);
// In the files: after the first census and early enough for the last to show what followed;
// nothing else happened to the child that year.
const moves = all.filter(m => m.day > first && m.day + 31 < last &&
  busy.get(`${m.Person} ${m.year}`).size === 1);
for (const m of moves) m.became = became(row(m.Person, m.year));

const matrix = new Map();
for (const m of moves) {
  const r = matrix.get(m.Kind) ?? matrix.set(m.Kind, new Map()).get(m.Kind);
  r.set(m.became, (r.get(m.became) ?? 0) + 1);
}
console.log('planted, and what the program calls it (children with one such event in the year)');
for (const [kind, r] of [...matrix].sort())
  console.log(`  ${kind.padEnd(22)}${[...r].sort((a, b) => b[1] - a[1])
    .map(([k, n]) => `${k} ${n}`).join(', ')}`);

function recall(name, least, of, good) {
  const missed = of.filter(m => !good(m)), found = of.length - missed.length;
  say(enough(found, of.length, least), name, `${found} of ${of.length}, at least ${least}` +
    missed.slice(0, 4).map(m => `; missed ${m.Person} ${m.Kind ?? ''} ${m.Date ?? ''} ${m.became ?? ''}`).join(''));
}
const kind = (...k) => moves.filter(m => k.includes(m.Kind));
const suspensions = planted('suspensions').filter(s => persons.has(s.Person))
  .map(s => ({ ...s, year: yearOf(s.StartDate) }));
const [{ first_year: from, last_year: to }] =
  ask("SELECT first_year, last_year FROM snapshot WHERE state = 'current'");
const shown = suspensions.filter(s => s.year >= from && s.year <= to);
const within = shown.filter(s => s.Mistakes !== 'withdrawn' && s.Mistakes !== 'reinstated');

recall('permanent exclusions are found', 0.98, within.filter(s => s.Category === 'PERM'),
  s => has(row(s.Person, s.year)?.met ?? 0, 'M_PEX'));
// A small authority may have none that a review undid.
const undone = shown.filter(s => s.Mistakes === 'reinstated' &&
  !within.some(x => x.Person === s.Person && x.year === s.year && x.Category === 'PERM'));
if (undone.length)
  recall('what a review undid does not count', 1, undone,
    s => !has(row(s.Person, s.year)?.met ?? 0, 'M_PEX'));
// An exit that a register or the ground of deletion explains is that type instead.
const registers = planted('registers').filter(e => persons.has(e.Person));
const leavers = planted('leavers').filter(l => persons.has(l.Person));
const recorded = (m, letters, ...kinds) =>
  registers.some(e => e.Person === m.Person && kinds.includes(e.Register) &&
    Math.abs(days(e.StartDate) - m.day) < 60) ||
  leavers.some(l => l.Person === m.Person && Math.abs(days(l.LeavingDate) - m.day) < 30 &&
    letters[l.LeavingDate < '2024-08-19' ? 0 : 1].includes(l.Ground || '-'));
const athome = m => recorded(m, ['d', 'f'], 'EHE');
const missing = m => recorded(m, ['efh', 'ghi'], 'CME');
recall('early exits without a word are found', 0.95,
  kind('exit-ehe', 'exit-unknown').filter(m => !athome(m) && !missing(m)), m => m.became.includes('EXIT'));
recall('early exits are found, or the reason on record', 0.98, kind('exit-ehe', 'exit-unknown'),
  m => /EXIT|EHE|CME/.test(m.became));
recall('an exit to education at home on record is that', 1, kind('exit-ehe').filter(athome),
  m => m.became.includes('EHE') && !m.became.includes('EXIT'));
recall('an exit to nowhere on record is missing education', 1, kind('exit-unknown').filter(missing),
  m => m.became.includes('CME') && !m.became.includes('EXIT'));
// Each entry of a register counts in each year that it touches, for its type.
const onYears = e => {
  const end = e.End ? days(e.End) - 1 : last, years = [];
  for (let y = yearOf(e.StartDate); y <= yearOf(new Date(end * 864e5).toISOString().slice(0, 10)); y++)
    if (y >= from && y <= to) years.push(y);
  return years;
};
// Of compulsory school age on 31 August; older ones are nobody's to teach.
const age = (p, y) => { const b = children.get(p).DOB; return y - +b.slice(0, 4) - (b.slice(5) > '08-31' ? 1 : 0); };
const entered = (types, years = onYears) => registers.filter(e => types.includes(e.Register))
  .flatMap(e => years(e).map(y => ({ Person: e.Person, Kind: e.Register, Date: String(y), year: y,
    became: became(row(e.Person, y)), e }))).filter(e => age(e.Person, e.year) >= 5 && age(e.Person, e.year) <= 15);
const onRoll = e => (row(e.Person, e.year)?.urn ?? 0) > 0;
const leftIn = e => { const y = yearOf(e.StartDate), md = e.StartDate.slice(5);
  return [md >= '08-01' && md <= '09-15' ? y - 1 : y].filter(x => x >= from && x <= to); };
const inType = t => x => has(row(x.Person, x.year)?.met ?? 0, t);
recall('education at home on the register counts', 1, entered(['EHE']), inType('M_EHE'));
recall('missing education on the register counts', 1, entered(['CME']), inType('M_CME'));
recall('part-time timetables on the register count', 1, entered(['PTT']).filter(onRoll), inType('M_PTT'));
recall('managed moves on the register count', 1, entered(['MM'], leftIn).filter(onRoll), inType('M_MM'));
recall('internal exclusions count', 1, entered(['INT']).filter(onRoll), inType('M_INT'));
const expelled = new Map();
for (const s of within) if (s.Category === 'PERM') expelled.set(s.Person, Math.min(s.year, expelled.get(s.Person) ?? 9999));
recall('placements and directions on the register count', 1, entered(['AP', 'OSD']).filter(e => onRoll(e) &&
  !(expelled.get(e.Person) <= e.year) && !suspensions.some(s => s.Person === e.Person && s.Category === 'PERM')),
inType('M_AP'));
recall('managed moves with a trial in the files are found', 0.95,
  kind('managed-held', 'managed-failed').filter(m =>
    [...persons.get(m.Person)].some(p => guest.has(`${p} ${m.ToURN}`))),
  m => m.became.includes('MM'));
recall('family and unexplained moves are told apart', 0.97,
  kind('family', 'looked-after', 'unexplained').filter(m => /^(FAMILY|UNEXPLAINED)/.test(m.became) &&
    some(m.Person, homes, d => d < m.day - 40) && some(m.Person, homes, d => d >= m.day)),
  m => m.became.startsWith(m.Kind === 'unexplained' ? 'UNEXPLAINED' : 'FAMILY'));
recall('moves to the next phase are no moves', 0.99, kind('phase-transfer'), m => m.became === 'none');
recall('alternative provision is found', 0.98, kind('alternative-provision'), m => m.became.includes('AP'));

// ---- suspensions: each child, each year, to the session ----------------------------------------
const counted = new Map();
for (const s of within) {
  const k = `${s.Person} ${s.year}`, c = counted.get(k) ?? { SUSP: 0, LNCH: 0, PERM: 0, sessions: 0 };
  c[s.Category]++;
  if (s.Category === 'SUSP') c.sessions += +s.Sessions;
  counted.set(k, c);
}
const perYear = new Map();
let wrong = [];
for (const [k, c] of counted) {
  const r = row(...k.split(' ')), [, y] = k.split(' ');
  if (!r || r.suspensions !== c.SUSP || r.lunchtimes !== c.LNCH || r.suspended_sessions !== c.sessions)
    wrong.push(`${k}: ${r?.suspensions} of ${c.SUSP}, ${r?.suspended_sessions} of ${c.sessions} sessions`);
  perYear.set(+y, (perYear.get(+y) ?? 0) + c.SUSP);
}
say(enough(counted.size - wrong.length, counted.size, 0.995), "a child's suspensions of a year are exact",
  `${counted.size - wrong.length} of ${counted.size}; ${wrong.slice(0, 3).join('; ')}`);
wrong = [];
for (let y = from; y <= to; y++) {
  let n = 0;
  for (const r of rows.values()) if (r.school_year === y) n += r.suspensions;
  if (n !== perYear.get(y)) wrong.push(`${y}: ${n}, planted ${perYear.get(y)}`);
}
say(!wrong.length, 'suspensions of each year are exact', wrong.join('; ') || `${from} to ${to}`);

// ---- DfE's figures against what was really made ------------------------------------------------
const told = new Map(table(report).filter(r => r.dimension === 'All pupils')
  .map(r => [`${r.measure} ${r.school_year.slice(0, 4)}`, r]));
const off = [];
for (const r of planted('realised').filter(x => x.Dimension === 'all')) {
  const want = { 'dfe-one-plus': +r.Suspended, 'dfe-pa': +r.PersistentlyAbsent, 'dfe-sa': +r.SeverelyAbsent,
    'dfe-absence': +r.SessionsAbsent };
  for (const [m, n] of Object.entries(want)) {
    const got = told.get(`${m} ${r.SchoolYear}`);
    if (!got || got.count === 'no data') continue; // 2019/20 has no full year of absence
    if (Math.abs(+got.count - n) > Math.max(2, n / 200)) off.push(`${m} ${r.SchoolYear}: ${got.count}, made ${n}`);
  }
}
say(!off.length, "DfE's figures are those of the lives that were made, to half a per cent",
  off.join('; ') || `${told.size} figures`);

// ---- near the edge -----------------------------------------------------------------------------
const needNames = names('needs.def');
const edge = new Map(planted('cliff-edge').map(c => [`${c.Person} ${c.AsOf.slice(0, 4)}`, c]));
const back = new Map();
for (const [p, s] of persons) for (const q of s) back.set(q, p);
// absence and moves of two years before are in the files, social care up to then as well
const inFiles = y => y >= from + 2 && y <= to;
recall('children near the edge are found', 0.85,
  [...edge.values()].filter(c => +c.Count >= 3 && inFiles(+c.AsOf.slice(0, 4)) && persons.has(c.Person)),
  c => has(row(c.Person, +c.AsOf.slice(0, 4))?.met ?? 0, 'M_CLIFF'));
const called = [...rows.values()].filter(r => inFiles(r.school_year) && has(r.met, 'M_CLIFF'));
recall('who is called near the edge is', 0.85,
  called.map(r => ({ Person: back.get(r.person_id), year: r.school_year, became: needNames
    .filter((n, i) => Math.floor(r.needs / 2 ** i) % 2).join(' ') })),
  c => +(edge.get(`${c.Person} ${c.year}`)?.Count ?? 0) >= 3);

// ---- mistakes that loading should notice ---------------------------------------------------------
const errors = planted('errors');
const findings = ask(`SELECT f.rule, f.value, f.field, b.name FROM finding f
    JOIN batch_file b USING (area_id, batch_id, file_id)`);
const unique = (k, f) => [...new Set(errors.filter(e => e.Kind === k).map(f))];
function noticed(k, rule, f, n) {
  const want = unique(k, f).length;
  say(want === 0 || enough(n, want, 0.95), `"${k}" is noticed`, `${n} findings "${rule}" for ${want} planted`);
}
const found = (rule, field) => findings.filter(f => f.rule === rule && (!field || f.field === field));
noticed('upn-letter', 'upn-check-letter', e => e.Id,
  new Set(found('upn-check-letter').map(f => f.value)).size);
noticed('upn-duplicate', 'upn-shared', e => e.Person, found('upn-shared').length);
noticed('category-withdrawn', 'code-withdrawn', e => `${e.File} ${e.Id} ${e.Person}`,
  found('code-withdrawn', 'category').length);
noticed('reason-withdrawn', 'code-withdrawn', e => `${e.File} ${e.Id} ${e.Person}`,
  found('code-withdrawn', 'reason1').length);
noticed('leaving-date-missing', 'leaving-date-missing', e => `${e.File} ${e.Id} ${e.Person}`,
  found('leaving-date-missing').length);
for (const k of ['upn-changed', 'upn-temporary', 'upn-missing', 'upn-letter', 'upn-duplicate']) {
  const who = unique(k, e => e.Person).filter(p => persons.has(p));
  recall(`a child with "${k}" stays one child`, 0.95, who.map(p => ({ Person: p, Kind: k })),
    m => persons.get(m.Person).size === 1);
}
// Social care without a UPN joins through the case system's list where names agree there.
const spoilt = new Set(errors.filter(e => e.Kind.startsWith('list-')).map(e => e.Person));
const localOf = new Map(identifiers.filter(i => i.Kind === 'local-id').map(i => [i.Person, i.Value]));
const care = new Map(identities.filter(i => i.source === 'social care').map(i => [i.local_id, i.person_id]));
recall('social care without a UPN joins the pupil', 0.95,
  unique('cin-without-upn', e => e.Person).filter(p => !spoilt.has(p) && persons.has(p)).map(p => ({ Person: p })),
  m => persons.get(m.Person).has(care.get(localOf.get(m.Person))));
