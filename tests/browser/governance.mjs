// tests/browser/governance.mjs BASE SIGN-INS.json [SHOTS] - what must be settled before real data,
// how long it is kept: the officer looks, holds and lets go; an administrator only looks.
import { base, browser, journey, must, heading, press, sound } from './steps.mjs';

await journey('an officer sees what is missing before real data', 'governance-officer', async (page, mode) => {
  await page.goto(`${base}/governance`);
  must(/missing|in order|overdue/.test(await heading(page)), await heading(page));
  must(/Not recorded/.test(await page.textContent('main')), 'nothing says that something is not recorded');
  await sound(page, mode, 'governance');
});

await journey('an officer holds a child, is told what is wrong, and lets it go', 'governance-officer', async (page, mode) => {
  await page.goto(`${base}/retention`);
  await sound(page, mode, 'retention');
  await page.fill('#child', '999999999');
  await page.fill('#why', 'an inquiry');
  await press(page, 'Hold it');
  must(/no child with that number/.test(await page.textContent('#child-problem')), 'a wrong number is not told');
  must(await page.inputValue('#why') === 'an inquiry', 'what was typed is lost');
  await sound(page, mode, 'retention with a problem');
  await page.fill('#child', '');
  await press(page, 'Hold it');
  must(/in force/.test(await heading(page)), await heading(page));
  await sound(page, mode, 'retention with a hold');
  await page.locator('input[id^=release-]').first().fill('the inquiry has ended');
  await press(page, 'End this hold');
  must(/the inquiry has ended/.test(await page.textContent('main')), 'the reason is not kept');
});

await journey('an officer sets how long lists are kept', 'governance-officer', async (page, mode) => {
  await page.goto(`${base}/retention`);
  await page.selectOption('#rule', 'signs');
  await page.fill('#keep', '2 years');
  await page.fill('#reference', 'Schedule 7.3');
  await press(page, 'Set this rule');
  must(/Ours: Schedule 7\.3/.test(await page.textContent('#rules')), 'the rule is not shown');
});

await journey('an administrator looks at both and changes nothing there', 'administrator', async (page, mode) => {
  await page.goto(`${base}/governance`);
  must(/rooted setup --ask/.test(await page.textContent('main')), 'how it is recorded is not told');
  await sound(page, mode, 'governance of an administrator');
  await page.goto(`${base}/retention`);
  must(await page.locator('main form').count() === 0, 'there is a form');
});

await browser.close();
