// tests/browser/sealed.mjs BASE SIGN-INS.json - an inclusion lead seals a record, which nobody finds
// then, and brings it back; an address is marked as safe, and its mark is ended.
import { again, base, journey, browser, must, heading, press, sound } from './steps.mjs';

async function anyChild(page, letters) {
  await page.goto(`${base}/children?q=${letters}`);
  const link = page.locator('tbody th a').first();
  const name = (await link.textContent()).trim();
  await link.click();
  return { name, path: new URL(page.url()).pathname };
}
const found = async (page, name, path) => {
  await page.goto(`${base}/children?q=${encodeURIComponent(name)}`);
  return await page.locator(`tbody th a[href^="${path}"]`).count() > 0;
};

await journey('a record is sealed, is nowhere, and comes back', 'inclusion-lead', async (page, mode) => {
  const child = await anyChild(page, mode.javaScriptEnabled ? 'sm' : 'br');
  must(await found(page, child.name, child.path), 'the child is not found before');
  await page.goto(`${base}${child.path}/access`);
  await sound(page, mode, 'who may open it');
  await page.click('main a:has-text("Seal this record")');
  await again(page, 'inclusion-lead');
  must((await heading(page)).includes('Seal this record'), `landed on ${page.url()}`);
  await sound(page, mode, 'a record to seal');
  await page.fill('#name', 'nobody.here');
  await page.fill('#why', 'A court order');
  await press(page, 'Seal the record');
  must(await page.locator('#name-problem').count() === 1, 'anybody keeps it');
  await sound(page, mode, 'a custodian who is not there');
  await page.fill('#name', '');
  await press(page, 'Seal the record');
  must((await heading(page)).includes(child.name), `landed on ${page.url()}`);
  await sound(page, mode, 'a sealed record');
  must(!await found(page, child.name, child.path), 'the child is found');
  const gone = await page.goto(`${base}${child.path}`), never = await page.request.get(`${base}/children/99999999`);
  must(gone.status() === 404 && await gone.text() === await never.text(), 'it differs from what is not there');
  await page.goto(`${base}/sealed`);
  await sound(page, mode, 'what one keeps');
  await page.click(`main a:has-text("${child.name}")`);
  await page.click('main a:has-text("Bring the record back")');
  await again(page, 'inclusion-lead');
  await sound(page, mode, 'a record to bring back');
  await press(page, 'Bring it back');
  must(await page.locator('#why-problem').count() === 1, 'it comes back without a reason');
  await page.fill('#why', 'The order has ended');
  await press(page, 'Bring it back');
  must(new URL(page.url()).pathname === child.path, `landed on ${page.url()}`);
  must(await found(page, child.name, child.path), 'the child is not found again');
});

await journey('pages of figures say what they leave out', 'inclusion-lead', async (page, mode) => {
  for (const path of ['/overview', '/schools', '/children']) {
    await page.goto(base + path);
    must((await page.textContent('main')).includes('Figures leave out protected records.'), `${path} does not`);
  }
  await sound(page, mode, 'what figures leave out');
});

await journey('an address is marked as safe, and not any more', 'inclusion-lead', async (page, mode) => {
  const child = await anyChild(page, mode.javaScriptEnabled ? 'wa' : 'ta');
  await page.click('main a:has-text("Safe address")');
  await sound(page, mode, 'a safe address to write');
  await page.fill('#address', 'The Old Mill, Canary Lane');
  await press(page, 'Mark the address as safe');
  must(await page.locator('#why-problem').count() === 1, 'it is marked without a reason');
  await sound(page, mode, 'a safe address with a problem');
  await page.fill('#why', 'refuge');
  await press(page, 'Mark the address as safe');
  must(await page.inputValue('#address') === 'The Old Mill, Canary Lane', 'the address is not kept');
  await sound(page, mode, 'a safe address');
  await page.goto(base + child.path);
  must((await page.textContent('main')).includes('The address is a safe one'), 'the record does not say so');
  await sound(page, mode, 'a record with a safe address');
  await page.goto(`${base}${child.path}/address`);
  await press(page, 'End the mark');
  must(await page.inputValue('#address') === '', 'the address is kept');
});

await browser.close();
