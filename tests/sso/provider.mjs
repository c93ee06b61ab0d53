// tests/sso/provider.mjs - a provider as the world has them (oidc-provider), whose people sign in
// at once as the test says; and a strange one, whose tokens are wrong in one way at a time.
import crypto from 'node:crypto';
import http from 'node:http';
import Provider from 'oidc-provider';

export function listen(handler) {
  return new Promise(resolve => {
    const server = http.createServer(handler).listen(0, '127.0.0.1', () => resolve(server));
  });
}
export const origin = server => `http://127.0.0.1:${server.address().port}`;

const client = back => ({ client_id: 'rooted', client_secret: 'a secret of the test alone' + back.length,
  redirect_uris: [back], post_logout_redirect_uris: [new URL('/', back).href] });

// person: { sub, amr, acr } of who signs in next.
export async function real(back, person) {
  let provider;
  const server = await listen((q, r) => provider.callback()(q, r));
  const quiet = console.info, warn = console.warn;
  console.info = console.warn = () => {};
  provider = new Provider(origin(server), {
    clients: [client(back)],
    cookies: { keys: ['of the test alone'] },
    pkce: { required: () => false },
    claims: { openid: ['sub', 'amr', 'acr', 'auth_time'] },
    acrValues: ['urn:test:two', 'urn:test:one'],
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true,
      logoutSource: (ctx, form) => { ctx.body = `<!DOCTYPE html>${form}`; } } },
    interactions: { url: (_, i) => `/interaction/${i.uid}` },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
    ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
    jwks: { keys: [{ ...crypto.generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
      .export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] },
  });
  console.info = quiet;
  console.warn = warn;
  provider.use(async (ctx, next) => {
    if (!ctx.path.startsWith('/interaction/')) return next();
    const i = await provider.interactionDetails(ctx.req, ctx.res);
    if (i.prompt.name === 'login') {
      await provider.interactionFinished(ctx.req, ctx.res,
        { login: { accountId: person.sub, amr: person.amr, acr: person.acr } });
    } else {
      const grant = new provider.Grant({ accountId: i.session.accountId, clientId: i.params.client_id });
      grant.addOIDCScope('openid');
      await provider.interactionFinished(ctx.req, ctx.res, { consent: { grantId: await grant.save() } },
        { mergeWithLastSubmission: true });
    }
    ctx.respond = false;
  });
  return { server, issuer: origin(server), client: client(back) };
}

// claims: what its tokens tell besides; wrong.how: '', 'nonce', 'audience', 'expiry', 'signature', 'time of issue' (half an hour ago).
export async function strange(back, wrong, claims) {
  const { privateKey, publicKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
  const other = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  let nonce, issuer;
  const b64 = x => Buffer.from(typeof x === 'string' ? x : JSON.stringify(x)).toString('base64url');
  const token = () => {
    const now = Math.floor(Date.now() / 1000), how = wrong.how;
    const at = how === 'time of issue' ? now - 1800 : now;
    const text = `${b64({ alg: 'RS256', kid: 'k' })}.${b64({ iss: issuer, sub: 'stranger', ...claims,
      aud: how === 'audience' ? 'another' : 'rooted', nonce: how === 'nonce' ? 'another' : nonce,
      iat: at, exp: how === 'expiry' ? now - 400 : now + 3600 })}`;
    return `${text}.${crypto.sign('sha256', Buffer.from(text), how === 'signature' ? other : privateKey)
      .toString('base64url')}`;
  };
  const json = (r, x) => { r.setHeader('Content-Type', 'application/json'); r.end(JSON.stringify(x)); };
  const server = await listen((q, r) => {
    const url = new URL(q.url, issuer);
    if (url.pathname === '/authorize') {
      nonce = url.searchParams.get('nonce');
      const to = new URL(url.searchParams.get('redirect_uri'));
      to.searchParams.set('code', 'c');
      to.searchParams.set('state', url.searchParams.get('state'));
      r.writeHead(302, { Location: to.href }).end();
    } else if (url.pathname === '/token') {
      json(r, { access_token: 'a', token_type: 'Bearer', expires_in: 60, id_token: token() });
    } else {
      json(r, { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k', use: 'sig', alg: 'RS256' }] });
    }
  });
  issuer = origin(server);
  return { server, issuer, client: client(back), metadata: { issuer, authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks`, response_types_supported: ['code'],
    token_endpoint_auth_methods_supported: ['client_secret_basic'] } };
}
