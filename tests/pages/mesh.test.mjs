// The agent's page of a real gateway, in a real browser, with a real worker behind it.
//   WEFT_REST    http://127.0.0.1:<port>
//   WEFT_TOKEN   with agents.read, agents.write, artifacts.read, artifacts.write
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { browser, runAndSee, screenText, signIn, typeAndSee, until, visit } from './browser.mjs';
import { Cutter } from './cutter.mjs';

const { WEFT_REST: rest, WEFT_TOKEN: token } = process.env;
const WAKING_MS = 60_000;

let chrome;
let cutter;
let base;

before(async () => {
  chrome = await browser();
  cutter = new Cutter(Number(new URL(rest).port));
  base = `http://127.0.0.1:${await cutter.listen()}`;
});

after(async () => {
  await chrome.close();
  cutter.close();
});

async function call(method, path, body) {
  const response = await fetch(`${rest}${path}`, {
    method,
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
  return JSON.parse(text);
}

test('the pages are open, and nothing else became so', async () => {
  const page = await fetch(`${rest}/agents`);
  assert.equal(page.status, 200);
  assert.match(page.headers.get('content-security-policy'), /default-src 'none'.*script-src 'self';.*frame-ancestors 'none'/);
  assert.equal(page.headers.get('referrer-policy'), 'no-referrer');
  assert.ok(!(await page.text()).includes('wft_'));
  for (const path of ['/', '/agents/spawn', '/v1/agents', '/ui', '/agents/agt_x/y']) {
    assert.equal((await fetch(`${rest}${path}`)).status, 401, path);
  }
  assert.equal((await fetch(`${rest}/ui/none.js`)).status, 404);
});

test('an agent is woken, typed to, cut off, resumed, put to sleep, woken again and ended', async () => {
  const { agent } = await call('POST', '/v1/agents', { spec: { displayName: 'browser test' }, requestId: randomUUID() });
  const { page, complaints } = await visit(chrome, `${base}/agents/${agent.agentId}`);
  page.setDefaultTimeout(WAKING_MS);
  const pill = (state) => page.locator(`.head .pill[data-state=${state}]`).waitFor();
  await signIn(page, token);
  await pill('RUNNING');
  await page.locator('.overlay').waitFor({ state: 'detached' });

  await typeAndSee(page, 'echo hello-$((6*7))', 'hello-42');
  await runAndSee(page, 'echo kept > kept.txt; echo out; exit 3', 'exit 3', 'out');

  cutter.cut();
  await page.getByText('Cut off.').waitFor();
  await call('GET', `/v1/agents/${agent.agentId}`);
  cutter.mend();
  await page.getByText('Cut off.').waitFor({ state: 'detached' });
  await typeAndSee(page, 'echo again-$((6*7))', 'again-42');
  assert.equal((await screenText(page)).split('hello-42').length, 2);

  await page.getByRole('button', { name: 'Hibernate' }).click();
  await page.getByRole('heading', { name: 'Asleep' }).waitFor();
  await page.getByRole('tab', { name: 'Files' }).click();
  await page.locator('#panel-files code', { hasText: /^art_/ }).waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download kept.txt', exact: true }).click(),
  ]);
  assert.equal(readFileSync(await download.path(), 'utf8'), 'kept\n');
  await page.getByRole('heading', { name: 'Asleep' }).waitFor();
  await page.getByRole('tab', { name: 'About' }).click();
  await page.getByText(/^\d+\.\d{6} [A-Z]{3}$|no price/).first().waitFor();

  await page.getByRole('button', { name: 'Wake it' }).click();
  await pill('RUNNING');
  await runAndSee(page, 'cat kept.txt', 'exit 0', 'kept');

  await page.getByRole('button', { name: 'Terminate' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Terminate' }).click();
  await page.getByText('It has ended.').waitFor();
  await until('it is over', async () => (await call('GET', `/v1/agents/${agent.agentId}`)).agent.state === 'AGENT_STATE_TERMINATED');
  assert.deepEqual(complaints, []);
});
