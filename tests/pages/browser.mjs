import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/opt/google/chrome/chrome'];
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function browser() {
  const executablePath = process.env.WEFT_CHROMIUM ?? PLACES.find(existsSync);
  if (!executablePath) {
    throw new Error(`no Chromium (expected: ${PLACES.join(', ')} or WEFT_CHROMIUM)`);
  }
  return chromium.launch({ executablePath, args: FLAGS });
}

/** A page of its own profile; what the browser complains about is collected. */
export async function visit(chrome, url, options = {}) {
  const context = await chrome.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // A cut or refused connection is told there too, and is what some of these tests are about.
    if (message.type() === 'error' && !/ERR_|WebSocket connection|status of/.test(message.text())) {
      complaints.push(message.text());
    }
  });
  await page.goto(url);
  return { page, context, complaints };
}

export async function signIn(page, token) {
  await page.getByLabel('Access token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** What the terminal shows, as text. */
export function screenText(page) {
  return page.locator('.xterm-rows').innerText();
}

export async function until(what, condition, ms = 15_000) {
  const end = Date.now() + ms;
  for (;;) {
    const answer = await condition();
    if (answer) {
      return answer;
    }
    if (Date.now() > end) {
      throw new Error(`not within ${ms} ms: ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The page's session is open: what is typed arrives. */
export function attached(page) {
  return page.locator('.agent[data-connection=open]').waitFor();
}

export async function typeAndSee(page, line, expected) {
  await attached(page);
  await page.locator('.xterm').click();
  await page.keyboard.type(line);
  await page.keyboard.press('Enter');
  await until(`the terminal shows ${expected}`, async () => (await screenText(page)).includes(expected));
}

export async function runAndSee(page, line, outcome, output) {
  await page.getByRole('tab', { name: 'Commands' }).click();
  await page.getByLabel('Command', { exact: true }).fill(line);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const entry = page.locator('article', { has: page.locator('.line', { hasText: line }) }).last();
  await entry.locator('.outcome', { hasText: outcome }).waitFor();
  await entry.locator('pre', { hasText: output }).waitFor();
}
