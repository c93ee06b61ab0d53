// tests/cli/sheet.mjs FILE.csv - passes when the file is a report as it may leave the house: each
// row as wide as the header, no count of 1 to 4, and no rate of a count that is hidden.
import fs from 'node:fs';

const rows = [];
let row = [''], quoted = false;
for (const c of fs.readFileSync(process.argv[2], 'utf8').replace(/\r\n/g, '\n')) {
  if (c === '"') quoted = !quoted; // a doubled quote opens again at once
  else if (c === ',' && !quoted) row.push('');
  else if (c === '\n' && !quoted) { rows.push(row); row = ['']; } else row[row.length - 1] += c;
}
const head = rows.shift(), at = n => head.indexOf(n);
const bad = rows.filter(r => r.length !== head.length || /^[1-4]$/.test(r[at('count')]) ||
  (r[at('count')] === 'c' && /\d/.test(r[at('rate_per_100')])) || !r[at('status')]);
const hidden = rows.filter(r => r[at('count')] === 'c').length;
console.log(`${rows.length} rows, ${hidden} hidden, ${bad.length} wrong: ${bad.slice(0, 3).join(' | ')}`);
process.exit(rows.length > 1000 && hidden > 0 && bad.length === 0 ? 0 : 1);
