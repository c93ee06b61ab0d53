// tests/sso/apache.mjs - an Apache of the test's own on loopback, as docs/single-sign-on.md sets one
// up: without TLS before a trial, with it before a live database.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const MODULES = '/usr/lib/apache2/modules';
const names = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'headers', 'proxy',
  'proxy_http', 'auth_openidc'];
export const user = process.getuid() === 0 ? 'www-data' : null;

// entra and google: issuers whose claims are handed on as the guide says for those two.
// tls: { key, certificate } of a live one, files.
export function configure(folder, port, socket, providers, entra, google, tls) {
  const own = path.join(folder, 'apache'), known = path.join(own, 'providers');
  fs.mkdirSync(known, { recursive: true });
  fs.mkdirSync(path.join(own, 'cache'), { recursive: true });
  for (const p of providers) {
    const name = path.join(known, encodeURIComponent(p.issuer.replace(/^https?:\/\//, '')));
    fs.writeFileSync(`${name}.provider`, JSON.stringify(p.metadata));
    fs.writeFileSync(`${name}.client`, JSON.stringify({ client_id: p.client.client_id,
      client_secret: p.client.client_secret, token_endpoint_auth_method: 'client_secret_basic' }));
  }
  fs.writeFileSync(path.join(own, 'conf'), `
ServerRoot "${own}"
ServerName ${tls ? 'localhost' : '127.0.0.1'}
DefaultRuntimeDir "${own}"
PidFile "${own}/pid"
ErrorLog "${own}/error.log"
LogLevel warn
Listen 127.0.0.1:${port}
${[...names, ...tls ? ['ssl'] : []].map(n => `LoadModule ${n}_module ${MODULES}/mod_${n}.so`).join('\n')}
${user ? `User ${user}\nGroup ${user}` : ''}
StartServers 1
ServerLimit 2
ThreadsPerChild 16
MaxRequestWorkers 32
MinSpareThreads 1
MaxSpareThreads 32

OIDCRedirectURI /sso/back
OIDCMetadataDir "${known}"
OIDCCryptoPassphrase "of the test alone"
OIDCCacheType file
OIDCCacheDir "${own}/cache"
OIDCSSLValidateServer Off
OIDCProviderMetadataRefreshInterval 0
OIDCScope openid
OIDCPassClaimsAs headers
OIDCSessionInactivityTimeout 300
OIDCSessionMaxDuration 300
${['iss', 'sub', 'amr', 'acr', 'iat', 'acrs', 'hd'].map(c => `RequestHeader unset OIDC_CLAIM_${c} early`).join('\n')}
<Location /sso/>
    AuthType openid-connect
    Require valid-user
</Location>
<Location /sign-in/sso>
    AuthType openid-connect
    Require valid-user
    RequestHeader set OIDC_CLAIM_acr "expr=%{req:OIDC_CLAIM_acrs}" "expr=req('OIDC_CLAIM_iss') == '${entra}'"
    RequestHeader set OIDC_CLAIM_acr "urn:council:enforced" "expr=req('OIDC_CLAIM_iss') == '${google}' && req('OIDC_CLAIM_hd') == 'council.example'"
</Location>
ProxyPreserveHost On
${tls ? `SSLEngine on
SSLCertificateFile ${tls.certificate}
SSLCertificateKeyFile ${tls.key}
RequestHeader unset X-Forwarded-For early
RequestHeader unset Forwarded early` : 'ProxyAddHeaders Off'}
ProxyPass /sso/ !
ProxyPass / "unix:${socket}|http://127.0.0.1/"
`);
  if (user) {
    const give = p => { fs.chownSync(p, ...ids()); if (fs.statSync(p).isDirectory()) fs.readdirSync(p).forEach(n => give(path.join(p, n))); };
    give(own);
  }
  return own;
}

export function ids() {
  const line = fs.readFileSync('/etc/passwd', 'utf8').split('\n').find(l => l.startsWith(`${user}:`));
  return line.split(':').slice(2, 4).map(Number);
}

export function start(own) {
  return spawn('/usr/sbin/apache2', ['-f', path.join(own, 'conf'), '-DFOREGROUND'],
    { stdio: 'ignore', env: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' } });
}
