// Builds and tests the pages for Maven: node build.mjs build|test TARGET_DIRECTORY
//
// Works on a copy under the target directory, so that nothing that npm writes lies among the sources. What has not
// changed is not built again. Where Node is too old or npm reaches no registry it says so and goes on without pages;
// a mistake in the sources ends it with 1.
//
// WEFT_PAGES=required   without pages it ends with 1
// WEFT_PAGES=skip       none are built
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { junit } from './junit.mjs';

const LEAST = [20, 19];
const OWN = new Set(['node_modules', 'dist', 'e2e', '.vite']);
/** What must still be there of an earlier build so that it counts. */
const LISTING = 'files.txt';

const source = dirname(dirname(fileURLToPath(import.meta.url)));
const [what, targetArgument] = process.argv.slice(2);
const target = resolve(targetArgument);
const work = join(target, 'webui');
const dist = join(work, 'dist');
const served = join(target, 'classes', 'webui');
const wish = process.env.WEFT_PAGES ?? '';

function say(text) {
  process.stderr.write(`[WARNING] pages: ${text}\n`);
}

/** Ends without pages; that is a failure only where they are required. */
function without(why) {
  rmSync(served, { recursive: true, force: true });
  say(`${why}. The gateway is built without its browser pages, everything else is there; build again to try again.`);
  process.exit(wish === 'required' ? 1 : 0);
}

function filesUnder(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

function inputs() {
  return readdirSync(source)
    .filter((name) => !OWN.has(name))
    .flatMap((name) =>
      statSync(join(source, name)).isDirectory() ? filesUnder(join(source, name)).map((one) => `${name}/${one}`) : [name],
    )
    .sort();
}

function hashOf(names) {
  const hash = createHash('sha256');
  for (const name of names) {
    hash.update(`${name}\0`).update(readFileSync(join(source, name))).update('\0');
  }
  return hash.update(process.version).digest('hex');
}

function stamped(name, hash) {
  const file = join(work, `.${name}`);
  return existsSync(file) && readFileSync(file, 'utf8') === hash;
}

function stamp(name, hash) {
  writeFileSync(join(work, `.${name}`), hash);
}

function run(program, args, options = {}) {
  return spawnSync(program, args, {
    cwd: work,
    encoding: 'utf8',
    // Only a command script needs one, which npm is on Windows.
    shell: process.platform === 'win32' && program === 'npm',
    env: { ...process.env, NO_COLOR: '1', CI: '1' },
    ...options,
  });
}

function tool(name, args) {
  return run(process.execPath, [join(work, 'node_modules', ...name.split('/')), ...args]);
}

function copySources(names) {
  for (const name of readdirSync(work, { withFileTypes: true })) {
    if (name.name !== 'node_modules' && !name.name.startsWith('.')) {
      rmSync(join(work, name.name), { recursive: true, force: true });
    }
  }
  for (const name of names) {
    mkdirSync(dirname(join(work, name)), { recursive: true });
    cpSync(join(source, name), join(work, name));
  }
}

function install() {
  const lock = hashOf(['package.json', 'package-lock.json']);
  if (stamped('installed', lock)) {
    return;
  }
  const options = ['--no-audit', '--no-fund', '--prefer-offline', '--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-timeout=20000'];
  const result = run('npm', ['ci', ...options], { timeout: 180_000 });
  if (result.error || result.status !== 0) {
    const why = result.error?.message ?? result.stderr.split('\n').find((line) => line.includes('error')) ?? 'no answer';
    without(`npm could not fetch what they are built with (${why.trim()})`);
  }
  stamp('installed', lock);
}

function must(name, result) {
  if (result.status !== 0) {
    process.stderr.write(`[ERROR] pages: ${name} failed\n${result.stdout}${result.stderr}\n`);
    process.exit(1);
  }
}

function pack() {
  for (const name of filesUnder(dist)) {
    const bytes = readFileSync(join(dist, name));
    const packed = gzipSync(bytes, { level: 9 });
    if (packed.length < bytes.length * 0.9) {
      writeFileSync(join(dist, `${name}.gz`), packed);
    }
  }
  writeFileSync(join(dist, LISTING), `${filesUnder(dist).join('\n')}\n`);
}

function build() {
  const names = inputs();
  const hash = hashOf(names);
  if (!stamped('built', hash) || !existsSync(join(dist, LISTING))) {
    mkdirSync(work, { recursive: true });
    copySources(names);
    install();
    must('type check', tool('typescript/bin/tsc', ['--noEmit']));
    must('build', tool('vite/bin/vite.js', ['build', '--logLevel', 'warn']));
    pack();
    stamp('built', hash);
  }
  if (!existsSync(join(served, LISTING)) || !stamped('served', hash)) {
    rmSync(served, { recursive: true, force: true });
    cpSync(dist, served, { recursive: true });
    stamp('served', hash);
  }
}

function test() {
  if (!existsSync(join(served, LISTING))) {
    return;
  }
  const report = join(work, '.tests.json');
  const result = tool('vitest/vitest.mjs', ['run', '--reporter=json', `--outputFile=${report}`]);
  const suite = junit(JSON.parse(readFileSync(report, 'utf8')));
  const reports = join(target, 'surefire-reports');
  mkdirSync(reports, { recursive: true });
  writeFileSync(join(reports, 'TEST-webui.xml'), suite.xml);
  process.stdout.write(`[INFO] pages: ${suite.tests} tests, ${suite.failures} failed\n`);
  if (process.env.WEFT_TEST_FAILURE_IGNORE !== 'true') {
    must('tests', result);
  }
}

const [major, minor] = process.versions.node.split('.').map(Number);
if (wish === 'skip') {
  rmSync(served, { recursive: true, force: true });
} else if (major < LEAST[0] || (major === LEAST[0] && minor < LEAST[1])) {
  without(`Node ${process.versions.node} is too old (expected: ${LEAST.join('.')} or later)`);
} else if (what === 'build') {
  build();
} else if (what === 'test') {
  test();
} else {
  process.stderr.write(`${what}: unknown (expected: build or test)\n`);
  process.exit(2);
}
