// tests/browser/totp.mjs - the codes of the demonstration's made-up people (RFC 6238).
import crypto from 'node:crypto';
import fs from 'node:fs';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export function totp(secret, step) {
  let bits = '';
  for (const c of secret) bits += LETTERS.indexOf(c).toString(2).padStart(5, '0');
  const key = Buffer.from(bits.match(/.{8}/g).map(b => parseInt(b, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const h = crypto.createHmac('sha1', key).update(counter).digest();
  const at = h[19] & 15;
  return String((h.readUInt32BE(at) & 0x7fffffff) % 1e6).padStart(6, '0');
}

// Codes are good once, also between programs that test the same server: the last half minute used
// stands in a file.  Gives a code not used yet, never that of the half minute before, which may be
// over when a busy machine reads it; when this and the next are used, it waits for one to begin.
export async function freshCode(who, memory) {
  const seen = fs.existsSync(memory) ? JSON.parse(fs.readFileSync(memory, 'utf8')) : {};
  const step = () => Math.floor(Date.now() / 30000);
  const next = Math.max((seen[who.login] ?? 0) + 1, step());
  while (next > step() + 1)
    await new Promise(done => setTimeout(done, 30000 - Date.now() % 30000));
  seen[who.login] = next;
  fs.writeFileSync(memory, JSON.stringify(seen));
  return totp(who.secret, next);
}
