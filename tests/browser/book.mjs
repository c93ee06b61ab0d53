// A workbook (.xlsx) of sheets {name: [[cell, …], …]}, all of them text, packed without compression.
import zlib from 'node:zlib';

const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const text = s => s.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
const row = (cells, n) => `<row r="${n + 1}">` + cells.map((c, i) =>
  `<c r="${String.fromCharCode(65 + i)}${n + 1}" t="inlineStr"><is><t>${text(c)}</t></is></c>`).join('') + '</row>';
const relation = (id, type, target) => `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`;

function zip(parts) {
  const members = [], list = [];
  let at = 0;
  for (const [name, content] of parts) {
    const bytes = Buffer.from(content), about = Buffer.alloc(26), place = Buffer.alloc(16);
    about.writeUInt16LE(20, 0);
    about.writeUInt16LE(33, 8); // 1 January 1980
    about.writeUInt32LE(zlib.crc32(bytes), 10);
    about.writeUInt32LE(bytes.length, 14);
    about.writeUInt32LE(bytes.length, 18);
    about.writeUInt16LE(name.length, 22);
    place.writeUInt32LE(at, 12);
    const member = Buffer.concat([Buffer.from('PK\x03\x04'), about, Buffer.from(name), bytes]);
    list.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), about, place.subarray(2), Buffer.from(name)]));
    members.push(member);
    at += member.length;
  }
  const directory = Buffer.concat(list), end = Buffer.alloc(18);
  end.writeUInt16LE(parts.length, 4);
  end.writeUInt16LE(parts.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...members, directory, Buffer.from('PK\x05\x06'), end]);
}

export function workbook(sheets) {
  const names = Object.keys(sheets), sheet = i => `worksheets/sheet${i + 1}.xml`;
  return zip([
    ['[Content_Types].xml', '<Types/>'],
    ['_rels/.rels', `<Relationships>${relation('r', 'officeDocument', 'xl/workbook.xml')}</Relationships>`],
    ...names.map((n, i) => [`xl/${sheet(i)}`, `<worksheet><sheetData>${sheets[n].map(row).join('')}</sheetData></worksheet>`]),
    ['xl/workbook.xml', `<workbook xmlns:r="${office}"><sheets>` +
      names.map((n, i) => `<sheet name="${text(n)}" sheetId="${i + 1}" r:id="s${i}"/>`).join('') + '</sheets></workbook>'],
    ['xl/_rels/workbook.xml.rels', `<Relationships>${names.map((n, i) => relation(`s${i}`, 'worksheet', sheet(i))).join('')}</Relationships>`],
  ]);
}
