// tests/hsds/behaviour.mjs BASE - a record comes back for each of its own filters, across all pages;
// pages add up; tags, lines and errors are as the standard and HTTP have them.
const [base] = process.argv.slice(2);
const say = (good, what, detail = '') =>
  console.log(`${good ? 'ok' : 'not ok'} ${what}${!good && detail ? `: ${detail}` : ''}`);
const get = async (path, headers = {}) => fetch(base + path, { headers });
const json = async path => (await get(path)).json();

// All items of a list, page by page.
async function all(path) {
  const items = [];
  for (let page = 1; ; page++) {
    const p = await json(`${path}${path.includes('?') ? '&' : '?'}page=${page}&per_page=100`);
    items.push(...p.contents);
    if (p.last_page || !p.contents.length) return { items, total: p.total_items };
  }
}
const holds = (list, id) => list.items.some(x => x.id === id || (x.service && x.service.id === id));

async function own(root, what, query, id) {
  const list = await all(`${root}?${new URLSearchParams(query)}`);
  say(holds(list, id), `${root}: a record comes back for its own ${what}`, `${JSON.stringify(query)} ${id}`);
  say(new Set(list.items.map(x => x.id)).size === list.total, `${root}: each once, as many as it says (${what})`,
    `${list.items.length} of ${list.total}`);
}

// Records rich enough to be looked for by everything that they say.
const services = await all('/hsds/services');
say(services.total > 250, 'there are some 300 services', services.total);
const full = [];
for (const s of services.items.slice(0, 60)) full.push(await json(`/hsds/services/${s.id}`));
const rich = full.filter(s => s.minimum_age !== undefined && s.schedules?.[0]?.byday && s.attributes?.length &&
  s.service_at_locations?.[0]?.location?.addresses?.length).slice(0, 6);
say(rich.length >= 4, 'some records say everything', rich.length);

for (const s of rich) {
  const address = s.service_at_locations[0].location.addresses[0], times = s.schedules[0];
  const term = s.attributes.find(a => a.taxonomy_term_id);
  for (const root of ['/hsds/services', '/hsds/service_at_locations']) {
    await own(root, 'name', { search: s.name.split(',')[0] }, s.id);
    await own(root, 'ages', { minimum_age: s.minimum_age, maximum_age: s.maximum_age }, s.id);
    await own(root, 'day', { day: times.byday.slice(0, 2) }, s.id);
    await own(root, 'hours', { day: times.byday.slice(0, 2), start_time: times.opens_at.slice(0, 5),
      end_time: times.closes_at.slice(0, 5) }, s.id);
    await own(root, 'term', { taxonomy_term_id: term.taxonomy_term_id }, s.id);
    await own(root, 'vocabulary', { taxonomy_id: term.taxonomy_term.taxonomy_id }, s.id);
    await own(root, 'organisation', { organization_id: s.organization.id }, s.id);
    await own(root, 'all of it', { search: s.name.split(',')[0], minimum_age: s.minimum_age,
      day: times.byday.slice(0, 2), taxonomy_term_id: term.taxonomy_term_id }, s.id);
  }
  await own('/hsds/service_at_locations', 'place', { postcode: address.postal_code, proximity: 1000 }, s.id);
  await own('/hsds/service_at_locations', 'area', { postcode: address.postal_code }, s.id);
}

// Filters narrow.
const young = await all('/hsds/services?maximum_age=4');
say(young.total > 0 && young.total < services.total, 'an age narrows', young.total);
say((await all('/hsds/services?day=SU')).total < services.total, 'a day narrows');
say((await json('/hsds/services?search=zzzzzz')).total_items === 0, 'nonsense is found nowhere');

// Lists of the rest, and each of them by itself.
for (const root of ['/hsds/organizations', '/hsds/taxonomies', '/hsds/taxonomy_terms', '/hsds/service_at_locations']) {
  const list = await all(root);
  const one = await json(`${root}/${list.items[0].id}`);
  say(one.id === list.items[0].id, `${root}: one by itself`);
  say((await get(`${root}/00000000-0000-4000-8000-000000000000`)).status === 404, `${root}: what is not there is 404`);
}

// HTTP: any site may read it, tags hold, lines are lines, what cannot be read is told.
const first = await get('/hsds/services');
say(first.headers.get('access-control-allow-origin') === '*', 'any site may read it');
const again = await get('/hsds/services', { 'If-None-Match': first.headers.get('etag') });
say(again.status === 304 && (await again.text()) === '', 'who has it already is told so', again.status);
const lines = (await (await get('/hsds/services?format=ndjson&per_page=7')).text()).trim().split('\n');
say(lines.length === 7 && lines.every(l => JSON.parse(l).id), 'lines are records');
const least = (await json('/hsds/services?minimal=true&per_page=1')).contents[0];
say(Object.keys(least).every(k => ['id', 'name', 'status', 'last_modified'].includes(k)), 'minimal is minimal');
const most = (await json('/hsds/services?full=true&per_page=50')).contents;
say(most.some(s => s.service_at_locations), 'full is full');
for (const bad of ['minimum_age=young', 'day=XX', 'start_time=noon', 'postcode=nowhere', 'modified_after=soon',
  'taxonomy_id=7', 'format=xml'])
  say((await get(`/hsds/services?${bad}`)).status === 422 || (await get(`/hsds/services?${bad}`)).status === 400,
    `what cannot be read is told (${bad})`, (await get(`/hsds/services?${bad}`)).status);
say((await json('/hsds/services?modified_after=2000-01-01')).total_items === services.total, 'all was changed since 2000');
say((await json('/hsds/services?modified_after=2999-01-01')).total_items === 0, 'nothing was changed since 2999');

// What must never leave.
const everything = JSON.stringify(most) + JSON.stringify(full) + JSON.stringify((await all('/hsds/service_at_locations?full=true')).items);
say(!everything.includes('Never give out where this is'), 'private notes stay within');
say(!everything.includes('"rooted"'), 'nothing has a member that only we know');
for (const s of (await all('/hsds/services?search=refuge&full=true')).items)
  if (/Refuge|Safe at Home/.test(s.name))
    say(!JSON.stringify(s).match(/"postal_code"|"latitude"/), `${s.name}: where it is stays within`);

// Version 1.0: each record by its own filters, in its own words.
async function old(query) {
  const items = [];
  for (let page = 1; ; page++) {
    const p = await json(`/oruk/services?${new URLSearchParams({ ...query, page, per_page: 100 })}`);
    items.push(...p.content);
    if (p.last || !p.content.length) return { items, total: p.totalElements };
  }
}
const before = await old({});
say(before.total === services.total, 'version 1.0 has as many services', before.total);
for (const s of rich) {
  const one = await json(`/oruk/services/${s.id}`), times = one.regular_schedules[0], ages = one.eligibilitys[0];
  const address = one.service_at_locations[0].location.physical_addresses[0];
  for (const [what, query] of [['name', { text: one.name.split(',')[0] }],
    ['ages', { minimum_age: ages.minimum_age, maximum_age: ages.maximum_age }],
    ['day and hours', { day: times.byday.slice(0, 2), start_time: times.opens_at, end_time: times.closes_at }],
    ['place', { postcode: address.postal_code, proximity: 1000 }],
    ['coverage', { coverage: address.postal_code }],
    ['taxonomy', { taxonomy_id: one.service_taxonomys[0].taxonomy.id }]]) {
    const list = await old(query);
    say(holds(list, one.id), `version 1.0: a record comes back for its own ${what}`, `${one.id}`);
    say(list.items.length === list.total, `version 1.0: as many as it says (${what})`);
  }
}
say((await json('/oruk/taxonomies')).content.every(t => t.id && t.name), 'version 1.0: taxonomies have names');
say(!JSON.stringify(before.items).includes('Never give out'), 'version 1.0: private notes stay within');
