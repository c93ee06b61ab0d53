// insert.mjs FILE how PATTERN < text - puts text into a file at a place that stays true while
// others add to it.  How: "row" after the last row of a table, PATTERN( … ), perhaps of several
// lines; "after" the last line, or "before" the first, that matches the regular expression.
import fs from 'node:fs';

const [file, how, pattern] = process.argv.slice(2);
const lines = fs.readFileSync(file, 'utf8').split('\n');
const text = fs.readFileSync(0, 'utf8').replace(/\n$/, '').split('\n');

// The last line of a row that begins at line i: where its parentheses are closed.
function rowEnd(i) {
  for (let depth = 0; i < lines.length; i++) {
    const bare = lines[i].replace(/"(\\.|[^"\\])*"/g, '');
    depth += bare.split('(').length - bare.split(')').length;
    if (depth <= 0) return i;
  }
  return i;
}
const start = pattern.includes('(') ? pattern : `${pattern}(`; // "CODE", or "CODE(SEX" for one set's
const is = how === 'row' ? l => l.startsWith(start) : l => new RegExp(pattern).test(l);
const found = how === 'before' ? lines.findIndex(is) : lines.findLastIndex(is);
if (found < 0) {
  console.error(`${file} has no line for "${pattern}"`);
  process.exit(1);
}
lines.splice(how === 'before' ? found : (how === 'row' ? rowEnd(found) : found) + 1, 0, ...text);
fs.writeFileSync(file, lines.join('\n'));
