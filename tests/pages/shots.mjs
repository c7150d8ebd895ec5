// Pictures of every state, light and dark, wide and narrow: node shots.mjs DIST OUT_DIRECTORY
import { join } from 'node:path';
import { browser, signIn, typeAndSee, until, visit } from './browser.mjs';
import { FakeGateway } from './fake-gateway.mjs';

const [dist, out] = process.argv.slice(2);
const gateway = new FakeGateway(dist, 'wft_shots');
const base = `http://127.0.0.1:${await gateway.listen()}`;
const chrome = await browser();

for (const colorScheme of ['light', 'dark']) {
  for (const [size, viewport] of Object.entries({ wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } })) {
    const agent = gateway.spawn('login service, nightly');
    const { page, context, complaints } = await visit(chrome, `${base}/agents/${agent.agentId}`, { colorScheme, viewport });
    const shot = (name) => page.screenshot({ path: join(out, `${name}-${size}-${colorScheme}.png`) });
    await page.getByLabel('Access token').waitFor();
    await shot('1-sign-in');
    await signIn(page, 'wft_shots');
    await page.getByText('Finding a worker').waitFor();
    await page.waitForTimeout(1200);
    await shot('2-waking');
    agent.become('PROVISIONING', { workerId: 'wkr_01k0000000000000000000000b' });
    agent.run();
    await page.locator('.overlay').waitFor({ state: 'detached' });
    await typeAndSee(page, 'echo hello-$((6*7))', 'hello-42');
    agent.terminal('\x1b[1;32mPASS\x1b[0m login.test.ts \x1b[2m(12 tests)\x1b[0m\r\n\x1b[1;31mFAIL\x1b[0m billing.test.ts \x1b[38;2;200;120;40m1 of 7\x1b[0m\r\n$ ');
    await page.waitForTimeout(300);
    await shot('3-terminal');
    await page.getByRole('tab', { name: 'Commands' }).click();
    for (const line of ['echo building the login service; echo done', 'echo 3 of 40 tests failed; exit 3', 'sleep 600']) {
      await page.getByLabel('Command', { exact: true }).fill(line);
      await page.getByRole('button', { name: 'Run', exact: true }).click();
    }
    agent.gap('EVICTED');
    agent.idle = { since: new Date().toISOString(), hibernatesAt: new Date(Date.now() + 900_000).toISOString() };
    agent.snapshot = { artifactId: 'art_01m80gk669e00ca4hg3p4a70fj', manifestDigest: 'ab'.repeat(32), takenAt: new Date().toISOString(), paths: 128 };
    agent.frame({ type: 'snapshot', ...agent.snapshot });
    agent.told();
    gateway.stores(agent.snapshot.artifactId, { 'README.md': 'x'.repeat(2100), 'src/login/session-store.ts': 'x'.repeat(48_000), '.weft/memory/plan': 'step 2' });
    await page.getByText('Interrupt').waitFor();
    await shot('4-commands');
    await page.getByRole('tab', { name: 'Files' }).click();
    await page.getByText('46.9 KiB').waitFor();
    await shot('5-files');
    await page.getByRole('tab', { name: 'About' }).click();
    await page.getByText('0.004150').waitFor();
    await shot('6-about');
    await page.getByRole('button', { name: 'Terminate' }).click();
    await shot('7-dialog');
    await page.getByRole('button', { name: 'Keep it' }).click();
    agent.clients.forEach((client) => (client.writer = false));
    agent.told();
    await page.getByText('You are watching').waitFor();
    if (size === 'phone') {
      await page.getByRole('tab', { name: 'Terminal' }).click();
    }
    await shot('8-watching');
    agent.clients.forEach((client) => (client.writer = true));
    agent.become('HIBERNATED');
    await page.getByText('Wake it').waitFor();
    await shot('9-asleep');
    agent.become('FAILED', { problem: { reason: 'BODY_LOST', message: 'no worker could hydrate its workspace in 3 tries' } });
    await until('it is over', async () => (await page.locator('.banner').innerText()).includes('could not go on'));
    await shot('a-failed');
    await page.goto(`${base}/agents`);
    await page.getByRole('link', { name: /login/ }).first().waitFor();
    await shot('b-list');
    console.log(colorScheme, size, complaints);
    await context.close();
  }
}
await chrome.close();
gateway.close();
