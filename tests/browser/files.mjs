// tests/browser/files.mjs BASE SIGN-INS.json - files before they are loaded: what is understood, a
// check that writes nothing, a CSV or sheet of somebody's own shape mapped, saved and loaded.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { workbook } from './book.mjs';
import { worked } from './browser.mjs';
import { base, browser, heading, journey, must, press, sound } from './steps.mjs';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'files-'));
const file = (name, text) => { fs.writeFileSync(path.join(folder, name), text); return path.join(folder, name); };
const batches = async page => {
  await page.goto(`${base}/data?batches=all`);
  return page.locator('#batches tbody tr').count();
};
async function upload(page, name, text, button) {
  await page.goto(`${base}/data/load`);
  await page.setInputFiles('#files', file(name, text));
  await press(page, button);
  await worked(page);
}

async function map(page, field, column) {
  const row = page.locator('fieldset.rt-map', { has: page.locator('legend', { hasText: new RegExp(`^${field}( |$)`) }) });
  await row.locator('select').selectOption({ label: column });
  return row;
}

await journey('an analyst reads what files are understood', 'analyst', async (page, mode) => {
  await page.goto(`${base}/data`);
  await page.click('text="Files that are understood"');
  await sound(page, mode, 'formats');
  await page.click('text="Suspension and exclusion notifications"');
  await sound(page, mode, 'format');
  const columns = await page.textContent('#columns');
  must(/StartDate/.test(columns) && /needed/.test(columns), 'its columns are not told');
  must(/persistent or general disruptive behaviour/.test(await page.textContent('#codes')), 'its codes are not told');
  must((await page.goto(`${base}/data/formats/no-such`)).status() === 404, 'what is not there is there');
});

await journey('a file is checked, and nothing is written', 'analyst', async (page, mode) => {
  const before = await batches(page), stamp = mode.width;
  await page.goto(`${base}/data/load`);
  await sound(page, mode, 'load form');
  await upload(page, 'told.csv', 'UPN,Surname,Forename,DOB,SchoolURN,Category,StartDate,EndDate,Sessions,Reason1\n' +
    `,Checked,Zoe${stamp},27/03/2012,100001,SUSP,09/11/2026,10/11/2026,4,DB\n`, 'Check only');
  must((await heading(page)) === 'What a load would do', `it says: ${await heading(page)}`);
  await sound(page, mode, 'check result');
  must(/1 of 1 record would go in/.test(await page.textContent('main')), 'counts are not told');
  must(await batches(page) === before, 'something was written');
  await page.goBack();
  await press(page, 'Load them now');
  await worked(page);
  must(await batches(page) === before + 1, 'it was not loaded afterwards');
});

await journey('a CSV of one\'s own shape is mapped, saved and loaded', 'analyst', async (page, mode) => {
  const before = await batches(page), own = `Pupil Surname ${mode.width}`;
  const text = `${own},Given,Date of birth,School No,Type,From,To,Half days,Why\n` +
    `Mapped,Zoe${mode.width},27/03/2012,100001,L1,09/11/2026,10/11/2026,4,DB\n` +
    `Mapped,Ann${mode.width},27/03/2013,100001,L1,11/11/2026,12/11/2026,4,VA\n`;
  await upload(page, 'ours.csv', text, 'Check only');
  await page.click('text="Say what the columns of ours.csv mean"');
  await page.selectOption('#layout', 'suspensions');
  await press(page, 'Choose');
  await sound(page, mode, 'map');
  const from = (field, column) => map(page, field, column);
  await press(page, 'Save and check'); // without a name, nothing mapped
  must(await page.locator('.govuk-error-summary').count() === 1, 'that it has no name is not told');
  await from('Surname', own);
  await from('Forename', 'Given');
  await from('DOB', 'Date of birth');
  await from('SchoolURN', 'School No');
  await from('StartDate', 'From');
  await from('EndDate', 'To');
  await from('Sessions', 'Half days');
  await from('Reason1', 'Why');
  const category = await from('Category', 'Type');
  await press(page, 'Try the first rows');
  must(/would be turned away/i.test(await page.textContent('#preview tbody')), 'a code that is not known passes');
  await sound(page, mode, 'map tried');
  await category.locator('textarea').fill('L1 = SUSP');
  await page.fill('#name', `Ours ${mode.width}`);
  await press(page, 'Try the first rows');
  must(!/would be turned away/i.test(await page.textContent('#preview tbody')), 'the code is not mapped');
  await press(page, 'Save and check');
  await worked(page);
  must(/2 of 2 records would go in/.test(await page.textContent('main')), `it says: ${await page.textContent('main')}`.slice(0, 300));
  must(await batches(page) === before, 'something was written');
  await page.goto(`${base}/data/formats`);
  must((await page.textContent('#saved')).includes(`Ours ${mode.width}`), 'the layout was not saved');
  await upload(page, 'next.csv', text.replaceAll('Zoe', 'Kim'), 'Load'); // recognised from now on
  must(await batches(page) === before + 1, 'files of that shape are not recognised');
  await page.goto(`${base}/data/formats`);
  await page.click(`text="Ours ${mode.width}"`);
  await sound(page, mode, 'own layout');
  must((await page.textContent('#reads')).includes(own), 'what it reads is not told');
  await press(page, 'Remove this layout');
  must((await heading(page)) === 'Files that are understood', `it says: ${await heading(page)}`);
  must(!(await page.textContent('main')).includes(`Ours ${mode.width}`), 'the layout was not removed');
  must(await batches(page) === before + 1, 'what was loaded by it went with it');
  await upload(page, 'third.csv', text.replaceAll('Zoe', 'Lee'), 'Check only');
  must(await page.locator('text="Say what the columns of third.csv mean"').count() === 1, 'it is still recognised');
});

await journey('the row that names the columns is chosen', 'analyst', async (page, mode) => {
  const before = await batches(page), own = `Name ${mode.width}`;
  const text = name => `Weekly list,School 1,Printed 13/11/2026\n\n${own},Given,Born,School No,From,Why\n` +
    `Titled,${name}${mode.width},27/03/2012,100001,13/11/2026,DB\n`;
  await upload(page, 'list.csv', text('Zoe'), 'Check only');
  await page.click('text="Say what the columns of list.csv mean"');
  await page.selectOption('#layout', 'suspensions');
  await page.selectOption('#row', '3');
  await press(page, 'Choose');
  await sound(page, mode, 'map row');
  must((await page.textContent('#sample thead')).includes(own), 'the row that was chosen does not name the columns');
  for (const [field, column] of [['Surname', own], ['Forename', 'Given'], ['DOB', 'Born'], ['SchoolURN', 'School No'],
    ['StartDate', 'From'], ['Reason1', 'Why']])
    await map(page, field, column);
  await page.locator('fieldset.rt-map', { has: page.locator('legend', { hasText: /^Category/ }) }).locator('input').fill('SUSP');
  await page.fill('#name', `Titled ${mode.width}`);
  await press(page, 'Save and check');
  await worked(page);
  must(/1 of 1 record would go in/.test(await page.textContent('main')), `it says: ${await page.textContent('main')}`.slice(0, 300));
  await upload(page, 'next-list.csv', text('Kim'), 'Load');
  must(await batches(page) === before + 1, 'lists of that shape are not recognised');
});

await journey('a sheet of a workbook is mapped, saved and loaded', 'analyst', async (page, mode) => {
  const before = await batches(page), own = `Family ${mode.width}`;
  const book = name => workbook({
    Notes: [['About', 'What'], ['Who', 'The school']],
    Term: [['Suspensions of the term'], [own, 'Given', 'Born', 'School No', 'From', 'Why'],
      ['Sheet', `${name}${mode.width}`, '27/03/2012', '100001', '12/11/2026', 'DB']] });
  await upload(page, 'ours.xlsx', book('Zoe'), 'Check only');
  must(await page.locator('a:has-text("Say what the columns of ours.xlsx")').count() === 2, 'not each sheet can be mapped');
  await page.click('text="Say what the columns of ours.xlsx › Term mean"');
  await page.selectOption('#layout', 'suspensions');
  await press(page, 'Choose');
  await sound(page, mode, 'map sheet');
  must((await page.textContent('#sample')).includes(own), 'how the sheet begins is not shown');
  for (const [field, column] of [['Surname', own], ['Forename', 'Given'], ['DOB', 'Born'], ['SchoolURN', 'School No'],
    ['StartDate', 'From'], ['Reason1', 'Why']])
    await map(page, field, column);
  const category = page.locator('fieldset.rt-map', { has: page.locator('legend', { hasText: /^Category/ }) });
  await category.locator('input').fill('SUSP');
  await page.fill('#name', `Sheet ${mode.width}`);
  await press(page, 'Try the first rows');
  must(!/would be turned away/i.test(await page.textContent('#preview tbody')), 'the row is not read');
  await press(page, 'Save and check');
  await worked(page);
  must(/1 of 1 record would go in/.test(await page.textContent('main')), `it says: ${await page.textContent('main')}`.slice(0, 300));
  must(await batches(page) === before, 'something was written');
  await upload(page, 'next.xlsx', book('Kim'), 'Load');
  must(await batches(page) === before + 1, 'sheets of that shape are not recognised');
});

await journey('who may not load may not check', 'inclusion-lead', async page => {
  for (const p of ['/data/checks/1', '/data/checks/1/map?file=x.csv', '/data/load'])
    must((await page.goto(base + p)).status() === 404, `${p} answers`);
  must((await page.goto(`${base}/data/formats`)).status() === 200, 'what is understood is not told');
});

fs.rmSync(folder, { recursive: true });
await browser.close();
