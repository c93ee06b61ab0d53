// tests/sso/visitor.mjs - somebody with a browser that has no script, and what tests of single
// sign-on share besides.
import net from 'node:net';

export function must(what, right, seen) {
  if (!right) throw new Error(`${what}${seen === undefined ? '' : `: ${String(seen).slice(0, 300)}`}`);
}
export const freePort = () => new Promise(resolve => {
  const s = net.createServer().listen(0, '127.0.0.1', () => {
    const { port } = s.address();
    s.close(() => resolve(port));
  });
});
export async function answers(what, ask) {
  for (const until = Date.now() + 60000; Date.now() < until;) {
    if (await ask().catch(() => false)) return;
    await new Promise(r => setTimeout(r, 20));
  }
  throw new Error(`${what} does not answer`);
}

// ---- a browser: follows where it is sent, and keeps cookies for each host and port ----

export class Browser {
  jar = new Map();

  async ask(url, options = {}) {
    const u = new URL(url), own = this.jar.get(u.host) ?? new Map();
    const r = await fetch(url, { redirect: 'manual', ...options,
      headers: { ...options.headers, cookie: [...own].map(c => c.join('=')).join('; ') } });
    for (const line of r.headers.getSetCookie()) {
      const [pair] = line.split(';'), at = pair.indexOf('=');
      const gone = /max-age=0|expires=thu, 01[ -]jan[ -]1970/i.test(line) || at === pair.length - 1;
      if (gone) own.delete(pair.slice(0, at)); else own.set(pair.slice(0, at), pair.slice(at + 1));
    }
    this.jar.set(u.host, own);
    return r;
  }

  async open(url, options) {
    for (let hops = 0; hops < 20; hops++) {
      const r = await this.ask(url, options);
      const to = r.headers.get('location');
      if (!to || r.status < 300 || r.status > 399)
        return { url, status: r.status, text: await r.text() };
      url = new URL(to, url).href;
      options = undefined;
    }
    throw new Error(`sent around and around: ${url}`);
  }

  post(url, form) {
    return this.open(url, { method: 'POST', body: new URLSearchParams(form),
      headers: { origin: new URL(url).origin, 'sec-fetch-site': 'same-origin' } });
  }
}
export const plain = text => text.replace(/&amp;/g, '&').replace(/&#39;/g, '’');
