// tests/browser/forms.mjs BASE SIGN-INS.json - a school tells by form what no export of its says:
// each form from the choice of the pupil to what the law counts, mistakes, drafts, amending,
// cancelling.  Each is gone twice: at a desk, and on a phone whose browser runs no script.
import { context, read } from './browser.mjs';
import { as, base, browser, heading, journey, must, press, sound } from './steps.mjs';

const day = async (page, column, d, m, y) => {
  await page.fill(`[name="${column}-day"]`, String(d));
  await page.fill(`[name="${column}-month"]`, String(m));
  await page.fill(`[name="${column}-year"]`, String(y));
};

// The n-th pupil of the own school whose name begins so.
async function begin(page, kind, n = 0) {
  for (const w of ['aa', 'ae', 'al', 'am', 'ma', 'jo', 'ha', 'be']) {
    await page.goto(`${base}/tell/new/${kind}?q=${w}`);
    if (await page.locator('input[name=person][type=radio]').count() > n) break;
  }
  return choose(page, page.locator('input[name=person][type=radio]').nth(n));
}
async function choose(page, radio) {
  const name = (await radio.locator('xpath=..').textContent()).split(',')[0].trim();
  const person = await radio.getAttribute('value'), list = page.url();
  await radio.check();
  await press(page, 'Continue');
  must(/\/tell\/drafts\/\d+$/.test(page.url()), 'no draft was begun');
  return { name, person, list };
}
// The same pupil once more.
async function beginAgain(page, { person, list }) {
  await page.goto(list);
  return choose(page, page.locator(`input[name=person][value="${person}"]`));
}

async function received(page) {
  await read(page);
  must((await page.textContent('.rt-lede .govuk-tag')).trim() === 'Received',
    `it stays "${await page.textContent('.rt-lede')}"`);
}

let nth = 0; // each journey about another pupil

await journey('a school tells of a suspension without delay', 'senco', async (page, mode) => {
  await page.goto(`${base}/tell`);
  await sound(page, mode, 'tell');
  await page.click('text="Suspension or permanent exclusion"');
  await sound(page, mode, 'choose');
  const { name } = await begin(page, 'suspension', nth++);
  await sound(page, mode, 'suspension form');
  must((await page.textContent('.govuk-summary-list')).includes(name.split(' ').pop()), 'the pupil is asked for again');
  await press(page, 'Continue'); // nothing is filled in
  must(await page.locator('.govuk-error-summary li').count() === 5, 'not all that is missing is told');
  await sound(page, mode, 'suspension form with mistakes');
  for (const a of await page.$$eval('.govuk-error-summary a', as => as.map(a => a.getAttribute('href'))))
    must(await page.locator(a).count() === 1, `${a} leads to no question`);
  await page.check('#Category');
  await day(page, 'StartDate', 31, 2, 2026);
  await day(page, 'EndDate', 12, 11, 2026);
  await page.fill('#Sessions', 'some');
  await page.selectOption('#Reason1', 'DB');
  await press(page, 'Continue');
  must(await page.locator('.govuk-error-summary li').count() === 2, 'a day and a number that are none');
  must(await page.inputValue('[name="StartDate-day"]') === '31' && await page.inputValue('#Sessions') === 'some', 'what was typed is lost');
  await day(page, 'StartDate', 9, 11, 2026);
  await day(page, 'EndDate', 18, 11, 2026);
  await page.fill('#Sessions', '14');
  await press(page, 'Continue');
  must((await heading(page)).endsWith('Check your answers'), 'not asked to look it over');
  await sound(page, mode, 'check');
  must((await page.textContent('main')).includes('18 November 2026'), 'an answer is not shown');
  await press(page, 'Send');
  must(await heading(page) === 'Suspension sent', 'not told that it was sent');
  await sound(page, mode, 'sent');
  const clocks = await page.textContent('.rt-clocks');
  must(/Day 6/.test(clocks) && /governing board/.test(clocks) && /of 45/.test(clocks), `clocks: ${clocks}`);
  await received(page);
  await page.click('text="The child’s page"');
  must((await page.textContent('main')).includes('Form: suspension'), 'the child\'s page does not have it');
  await page.goto(`${base}/told`);
  must((await page.textContent('tbody tr:first-child')).includes(name), 'not in the list of what was told');
  await sound(page, mode, 'told');
});

await journey('a suspension is amended, then cancelled', 'senco', async (page, mode) => {
  await begin(page, 'suspension', nth++);
  await page.check('#Category');
  await day(page, 'StartDate', 3, 11, 2026);
  await day(page, 'EndDate', 4, 11, 2026);
  await page.fill('#Sessions', '4');
  await page.selectOption('#Reason1', 'VA');
  await press(page, 'Continue');
  await press(page, 'Send');
  await received(page);
  const first = page.url().split('?')[0];
  await press(page, 'Amend it');
  must(!await page.locator('[name="StartDate-day"]').count(), 'the first day can be changed');
  await sound(page, mode, 'amend');
  await day(page, 'EndDate', 5, 11, 2026);
  await page.fill('#Sessions', '6');
  await press(page, 'Continue');
  await press(page, 'Send what was amended');
  await received(page);
  const second = page.url().split('?')[0];
  await page.goto(first);
  must((await page.textContent('.rt-lede')).includes('Changed since'), 'the first form does not say so');
  must(!await page.locator('text="Amend it"').count(), 'the first form can still be amended');
  await page.goto(second);
  await press(page, 'Cancel it');
  must((await heading(page)).includes('Cancel the suspension?'), 'not asked whether it is sure');
  await sound(page, mode, 'cancel');
  await press(page, 'Cancel it');
  await received(page);
  must(!await page.locator('.rt-clocks').count(), 'clocks of what did not take place');
});

await journey('a suspension that files told of is amended', 'senco', async (page, mode) => {
  await page.goto(`${base}/tell`);
  await page.click('text="Amend or cancel a suspension"');
  await sound(page, mode, 'known suspensions');
  const open = page.locator('tbody tr:has(td:text-is("Suspension notifications")):has(td:text-is("Suspension")) a[href^="/tell/suspensions/"]');
  must(await open.count() > nth, 'no suspension of a file is listed');
  await open.nth(nth++).click();
  await sound(page, mode, 'known suspension');
  must((await page.textContent('.govuk-summary-list')).includes('Known from'), 'not told where it is known from');
  await press(page, 'Amend it');
  must(!await page.locator('[name="StartDate-day"]').count(), 'the first day can be changed');
  await sound(page, mode, 'amend known');
  await page.fill('#Sessions', '3');
  await press(page, 'Continue');
  await press(page, 'Send what was amended');
  await received(page);
  must(/It amends what line \d+ of/.test(await page.textContent('main')), 'the line that it amends is not named');
  await sound(page, mode, 'known amended');
});

const FORMS = {
  'part-time': async page => {
    await day(page, 'StartDate', 2, 11, 2026);
    await day(page, 'EndDate', 15, 1, 2027);
    await day(page, 'ReviewDate', 13, 11, 2026);
    await page.fill('#HoursAWeek', '12.5');
    await page.selectOption('#Reason', 'REINTEGRATION');
  },
  'managed-move': async page => {
    const place = await page.$eval('#places option', o => o.value);
    await page.fill('#ProviderURN', place);
    await day(page, 'StartDate', 2, 11, 2026);
    await page.fill('#Reason', 'A new start, "agreed" by all, Mum too');
  },
  'off-site': async page => {
    await page.fill('#ProviderURN', (await page.$eval('#places option:nth-child(2)', o => o.value)).match(/\((\d+)\)/)[1]);
    await day(page, 'StartDate', 2, 11, 2026);
    await day(page, 'EndDate', 11, 12, 2026);
    await page.fill('#Reason', 'To come to lessons calm');
  },
  leaver: async page => {
    await day(page, 'LeavingDate', 6, 11, 2026);
    await page.selectOption('#Ground', 'G');
    await page.fill('#NewAddressPostcode', 'CH1 9ZZ');
  },
};
for (const [kind, fill] of Object.entries(FORMS))
  await journey(`a school tells of: ${kind}`, 'senco', async (page, mode) => {
    await begin(page, kind, nth++);
    await fill(page);
    await sound(page, mode, kind);
    await press(page, 'Continue');
    must((await heading(page)).endsWith('Check your answers'), `not taken: ${await page.textContent('main')}`.slice(0, 300));
    await press(page, 'Send');
    await received(page);
    if (kind === 'part-time')
      must(/six weeks/.test(await page.textContent('main')), 'that it is too long is not told');
    await sound(page, mode, `${kind} sent`);
  });

await journey('a pupil who is not on the list is typed', 'senco', async (page, mode) => {
  await page.goto(`${base}/tell/new/suspension?q=zzyzx`);
  must(/No pupil/.test(await page.textContent('main')), 'nothing found is not told');
  await press(page, 'Type the pupil');
  await page.fill('#Surname', 'O’Neil');
  await page.fill('#Forename', mode.javaScriptEnabled ? 'Zoë' : 'Chloë');
  await day(page, 'DOB', 27, 3, 2013);
  await page.fill('#UPN', 'A123');
  await page.check('#Category-2');
  await day(page, 'StartDate', 10, 11, 2026);
  await page.selectOption('#Reason1', 'PA');
  await press(page, 'Continue');
  if (await page.locator('.govuk-error-summary').count()) {
    must(/UPN/.test(await page.textContent('.govuk-error-summary')), 'a UPN that is none is not told');
    await page.fill('#UPN', '');
    await press(page, 'Continue');
  }
  await press(page, 'Send');
  must(/permanent/i.test(await page.textContent('main')), 'not sent');
  must(/authority where the child lives/.test(await page.textContent('.rt-clocks')), 'day 6 is not the authority\'s');
  await received(page);
});

await journey('a draft is kept, gone on with, and thrown away', 'senco', async (page, mode, c) => {
  await begin(page, 'leaver', nth++);
  await page.selectOption('#Ground', 'F');
  await press(page, 'Save and come back later');
  must(page.url() === `${base}/tell`, 'not back at the forms');
  const link = page.locator('#drafts a').first();
  await link.click();
  must(await page.inputValue('#Ground') === 'F', 'the answer is lost');
  const other = await c.newPage(); // the same form in another window
  await other.goto(page.url());
  await other.selectOption('#Ground', 'G');
  await other.fill('#NewAddressPostcode', 'CH1 9ZZ');
  await other.locator('button[value=later]').click();
  await page.selectOption('#Ground', 'H');
  await press(page, 'Save and come back later');
  must((await heading(page)).includes('saved from another page'), 'the conflict is not told');
  await sound(page, mode, 'conflict');
  must((await page.textContent('tbody')).includes('Ground g') && (await page.textContent('tbody')).includes('Ground h'), 'not both versions');
  await press(page, 'Keep mine');
  await page.locator('#drafts a').first().click();
  must(await page.inputValue('#Ground') === 'H', 'mine was not kept');
  const draft = page.url();
  await press(page, 'Throw this draft away');
  must((await page.goto(draft)).status() === 404, 'the draft is still there');
});

await journey('pressing the button twice sends one form', 'senco', async page => {
  const pupil = await begin(page, 'leaver', nth++);
  await day(page, 'LeavingDate', 5, 11, 2026);
  await page.selectOption('#Ground', 'A');
  await press(page, 'Continue');
  const check = page.url(), form = check.match(/drafts\/(\d+)/)[1];
  const csrf = await page.inputValue('[name=csrf] >> nth=1'), version = await page.inputValue('[name=version]');
  const twice = await Promise.all([0, 1].map(() => page.request.post(`${base}/tell/drafts/${form}/send`,
    { form: { csrf, version }, headers: { origin: base }, maxRedirects: 0 })));
  must(twice.every(t => t.status() === 303 && t.headers().location === `/told/${form}?sent=1`),
    `answers ${twice.map(t => t.status())}`);
  await page.goto(`${base}/told/${form}`);
  await received(page);
  await beginAgain(page, pupil); // the same once more: it is told
  await day(page, 'LeavingDate', 5, 11, 2026);
  await page.selectOption('#Ground', 'A');
  await press(page, 'Continue');
  must(await page.locator(`main a[href="/told/${form}"]`).count() === 1, 'that it was told before is not said');
});

await journey('a lead sends a form for a school, and a school sees nothing of another', 'inclusion-lead', async (page, mode) => {
  await page.goto(`${base}/data`);
  await page.click('text="What schools told us by form"');
  await sound(page, mode, 'told of all');
  await page.goto(`${base}/tell/new/leaver`);
  const urns = await page.$$eval('#school option', os => os.map(o => o.value).filter(v => v));
  const senco = await context(browser, base, as('senco'), mode), own = await senco.newPage();
  await own.goto(base);
  await own.goto(`${base}/schools`);
  const mine = own.url().split('/').pop(), other = urns.find(u => u !== mine);
  await page.selectOption('#school', other);
  await page.fill('#q', 'ma');
  await press(page, 'Find');
  await page.locator('input[name=person][type=radio]').first().check();
  await press(page, 'Continue');
  const draft = page.url();
  await day(page, 'LeavingDate', 4, 11, 2026);
  await page.selectOption('#Ground', 'E');
  await press(page, 'Continue');
  await press(page, 'Send');
  const told = page.url().split('?')[0];
  await received(page);
  for (const u of [draft, told]) {
    const answer = await own.goto(u);
    must(answer.status() === 404, `${u} answers ${answer.status()}`);
  }
  await own.goto(`${base}/told`);
  must(!await own.locator(`a[href="${told.replace(base, '')}"]`).count(), 'another school\'s form is in the list');
  await senco.close();
});

await browser.close();
