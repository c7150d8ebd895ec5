// The agent's page in a real browser, against a gateway that does what a test says.
//   WEFT_PAGES_DIST   the built pages (gateway/target/webui/dist)
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { browser, runAndSee, screenText, signIn, typeAndSee, until, visit } from './browser.mjs';
import { Cutter } from './cutter.mjs';
import { FakeGateway } from './fake-gateway.mjs';

const TOKEN = 'wft_pages';
const dist = process.env.WEFT_PAGES_DIST;

let chrome;
let gateway;
let cutter;
let base;
let visits;

before(async () => {
  chrome = await browser();
});

after(() => chrome.close());

beforeEach(async () => {
  gateway = new FakeGateway(dist, TOKEN);
  cutter = new Cutter(await gateway.listen());
  base = `http://127.0.0.1:${await cutter.listen()}`;
  visits = [];
});

afterEach(async () => {
  for (const { context, complaints } of visits) {
    assert.deepEqual(complaints, []);
    await context.close();
  }
  cutter.close();
  gateway.close();
});

async function open(agent, options) {
  const one = await visit(chrome, `${base}/agents/${agent.agentId}`, options);
  visits.push(one);
  return one.page;
}

async function signedIn(agent, options) {
  const page = await open(agent, options);
  await signIn(page, TOKEN);
  return page;
}

async function awake(options) {
  const agent = gateway.spawn('one');
  agent.run();
  const page = await signedIn(agent, options);
  await page.locator('[data-state=RUNNING].pill').waitFor();
  await until('it is attached', () => agent.clients.size === 1);
  return { agent, page };
}

test('the way from a token over the waking screen to a terminal that answers', async () => {
  const agent = gateway.spawn('one');
  const page = await open(agent);
  await signIn(page, 'wft_wrong');
  await page.getByText('does not know this token').waitFor();
  await signIn(page, TOKEN);
  await page.locator('li[aria-current=step]', { hasText: 'Finding a worker' }).waitFor();
  agent.become('PROVISIONING');
  await page.locator('li[aria-current=step]', { hasText: 'Bringing its files' }).waitFor();
  agent.run();
  await page.locator('.overlay').waitFor({ state: 'detached' });
  await typeAndSee(page, 'echo hello-$((6*7))', 'hello-42');
  await runAndSee(page, 'echo out; exit 3', 'exit 3', 'out');
});

test('a cut connection goes on where it was, with nothing twice and nothing missing', async () => {
  const { agent, page } = await awake();
  await typeAndSee(page, 'echo before', 'before');
  cutter.cut();
  await page.getByText('Cut off.').waitFor();
  agent.terminal('while away\r\n$ ');
  cutter.mend();
  await until('it has what came meanwhile', async () => (await screenText(page)).includes('while away'));
  await typeAndSee(page, 'echo again', 'again');
  const text = await screenText(page);
  assert.equal(text.split('while away').length, 2);
  assert.equal(text.split('echo before').length, 2);
});

test('a command that was given while it was cut off is given once it is back', async () => {
  const { agent, page } = await awake();
  cutter.cut();
  await page.getByText('Cut off.').waitFor();
  await page.getByLabel('Command', { exact: true }).fill('echo later');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  cutter.mend();
  await page.locator('article', { hasText: 'exit 0' }).waitFor();
  assert.deepEqual([...agent.receipts.values()], ['echo later']);
});

test('neither the token nor a cursor of it is ever in a URL, and it is gone with its tab', async () => {
  const { page } = await awake();
  assert.ok(gateway.paths.some((one) => one.includes('ticket=')));
  assert.ok(gateway.paths.every((one) => !one.includes(TOKEN)));
  assert.ok(!page.url().includes(TOKEN));
  assert.equal(await page.evaluate(() => Object.values(localStorage).join()), '');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Access token').waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
});

test('a sleeping agent is woken by coming to its page and not by loading that again', async () => {
  const agent = gateway.spawn('one');
  agent.become('HIBERNATED');
  const page = await signedIn(agent);
  await page.getByText('Waking your agent').first().waitFor();
  agent.run();
  await page.locator('.overlay').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Hibernate' }).click();
  agent.become('HIBERNATED');
  await page.getByRole('heading', { name: 'Asleep' }).waitFor();
  const { attached } = agent;
  await page.reload();
  await page.getByRole('heading', { name: 'Asleep' }).waitFor();
  assert.equal(agent.attached, attached);
  assert.equal(agent.state, 'HIBERNATED');
  await page.getByRole('button', { name: 'Wake it' }).click();
  await page.getByText('Waking your agent').first().waitFor();
  assert.equal(agent.state, 'WAKING');
});

test('keys that are pressed while it sleeps wake nothing', async () => {
  const { agent, page } = await awake();
  await page.locator('.xterm').click();
  agent.become('HIBERNATED');
  await page.getByRole('heading', { name: 'Asleep' }).waitFor();
  await page.keyboard.type('x');
  assert.deepEqual(agent.input, []);
});

test('whoever does nothing reads since when, and when it will sleep', async () => {
  const { agent, page } = await awake();
  await page.getByRole('tab', { name: 'About' }).click();
  const idle = page.locator('.facts div', { hasText: 'Idle since' });
  assert.equal(await idle.count(), 0);
  agent.idle = { since: '2026-05-04T10:20:30Z', hibernatesAt: '2026-05-04T10:35:30Z' };
  agent.told();
  await idle.getByText(/20:30/).waitFor();
  await idle.getByText(/^sleeps .*35:30/).waitFor();
  agent.idle = null;
  agent.told();
  await idle.waitFor({ state: 'detached' });
});

test('who only watches may take over', async () => {
  const { agent, page } = await awake();
  const second = await signedIn(agent);
  await second.getByText('another client is writing').waitFor();
  await second.getByRole('button', { name: 'Take over' }).click();
  await page.getByText('another client is writing').waitFor();
  await typeAndSee(second, 'echo mine', 'mine');
  await until('the other one sees it', async () => (await screenText(page)).includes('mine'));
});

test('gaps and interruptions are lines of the log and of the terminal', async () => {
  const { agent, page } = await awake();
  agent.command({ commandId: 'made-elsewhere', line: 'sleep 60' });
  agent.gap('HOME_LOST');
  agent.frame({ type: 'interrupted', commandIds: ['made-elsewhere'], problem: { reason: 'BODY_LOST', message: 'its worker died' } });
  await page.locator('.outcome', { hasText: 'cut off' }).waitFor();
  await page.locator('.note', { hasText: 'lost with the machines' }).waitFor();
  await until('the terminal says it', async () => (await screenText(page)).includes('The worker went away'));
});

test('questions of a program in old output are not answered again', async () => {
  const agent = gateway.spawn('one');
  agent.run();
  agent.terminal('old \x1b[6n\x1b[c end\r\n');
  const page = await signedIn(agent);
  await until('it is shown', async () => (await screenText(page)).includes('end'));
  await typeAndSee(page, 'echo typed', 'typed');
  assert.equal(agent.input.join(''), 'echo typed\r');
});

test('what a program writes is text in the page, whatever it looks like', async () => {
  const { agent, page } = await awake();
  const evil = '<img src=x onerror="window.broken=1"><script>window.broken=1</script>';
  agent.command({ commandId: 'evil', line: `echo ${evil}` });
  agent.terminal(`${evil}\r\n`);
  agent.become('RUNNING', { problem: { reason: 'X', message: evil } });
  await page.locator('pre', { hasText: '<img src=x' }).waitFor();
  assert.equal(await page.evaluate(() => window.broken), undefined);
});

test('it is ended for good only after it was asked whether', async () => {
  const { agent, page } = await awake();
  await page.getByRole('button', { name: 'Terminate' }).click();
  await page.getByRole('button', { name: 'Keep it' }).click();
  assert.equal(agent.state, 'RUNNING');
  await page.getByRole('button', { name: 'Terminate' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Terminate' }).click();
  await page.getByText('It has ended.').waitFor();
});

test('the keyboard gets out of the terminal and everywhere else', async () => {
  const { page } = await awake();
  await page.locator('.xterm').click();
  await page.keyboard.press('Shift+F6');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'tab-commands');
  await page.keyboard.press('ArrowRight');
  await page.getByText('No files are saved yet').waitFor();
  await page.keyboard.press('ArrowRight');
  await page.getByText('0.004150 USD').waitFor();
});

test('on a phone the parts stand one behind the other, and nothing is wider than it', async () => {
  const { agent, page } = await awake({ viewport: { width: 360, height: 740 } });
  await typeAndSee(page, 'echo small', 'small');
  agent.snapshot = { artifactId: 'art_01m80gk669e00ca4hg3p4a70fj', manifestDigest: 'ab'.repeat(32), takenAt: new Date().toISOString(), paths: 4 };
  agent.told();
  for (const name of ['Commands', 'Files', 'About', 'Terminal']) {
    await page.getByRole('tab', { name }).click();
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), name);
  }
});

async function saved(page, name) {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: `Download ${name}`, exact: true }).click(),
  ]);
  return { name: download.suggestedFilename(), content: readFileSync(await download.path(), 'utf8') };
}

test('the files of the stored workspace are listed and come one by one, also while it sleeps', async () => {
  const { agent, page } = await awake();
  const files = { 'src/<b>tür.txt': 'content\n', empty: '' };
  gateway.stores('art_1', files);
  agent.snapshot = { artifactId: 'art_1', takenAt: new Date().toISOString(), paths: 3 };
  agent.become('HIBERNATED');
  assert.ok(gateway.paths.every((one) => !one.includes('/v1/artifacts')));
  await page.getByRole('tab', { name: 'Files' }).click();
  await page.getByText('src/<b>tür.txt').waitFor();
  await page.getByText('8 bytes').waitFor();
  const file = await saved(page, 'src/<b>tür.txt');
  assert.equal(file.content, 'content\n');
  assert.match(file.name, /^[^/]*tür\.txt$/);
  assert.equal((await saved(page, 'empty')).content, '');
  assert.equal(agent.state, 'HIBERNATED');
  assert.ok(gateway.paths.every((one) => !one.includes(TOKEN)));

  gateway.stores('art_2', { later: 'x' });
  agent.snapshot = { artifactId: 'art_2', takenAt: new Date().toISOString(), paths: 1 };
  agent.told();
  await page.getByText('later', { exact: true }).waitFor();
});

test('files that are not there any more are said to be, and may be asked for again', async () => {
  const { agent, page } = await awake();
  agent.snapshot = { artifactId: 'art_gone', takenAt: new Date().toISOString(), paths: 1 };
  agent.told();
  await page.getByRole('tab', { name: 'Files' }).click();
  await page.getByText('ARTIFACT_NOT_FOUND').waitFor();
  gateway.stores('art_gone', { back: 'x' });
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('back', { exact: true }).waitFor();
});

test('nothing moves when the connection comes and goes', async () => {
  const { agent, page } = await awake();
  const place = () => page.locator('agent-terminal').boundingBox();
  const begin = await place();
  cutter.cut();
  await page.getByText('Cut off.').waitFor();
  assert.deepEqual(await place(), begin);
  cutter.mend();
  await until('it is back', () => agent.attached === 2);
  assert.deepEqual(await place(), begin);
});

test('an agent that is not there is said to be not there', async () => {
  const page = await signedIn({ agentId: 'agt_01k9999999999999999999999z' });
  await page.getByText('There is no such agent').waitFor();
});

test('the list leads to an agent', async () => {
  const agent = gateway.spawn('my agent');
  agent.run();
  const one = await visit(chrome, `${base}/agents`);
  visits.push(one);
  await signIn(one.page, TOKEN);
  await one.page.getByRole('link', { name: /my agent/ }).click();
  await one.page.locator('[data-state=RUNNING].pill').waitFor();
});
