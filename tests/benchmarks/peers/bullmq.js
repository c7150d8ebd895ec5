// BullMQ: one client, two worker processes. Asked by lines on standard input, answers with lines of JSON.
//   submit single|batch N   submits N jobs (64 callers, or 8 × addBulk of 100) and waits until all have ended
//   latency RATE SECONDS    open loop; latencies count from when a job was due
'use strict';
const { fork } = require('node:child_process');
const readline = require('node:readline');
const { Queue, QueueEvents, Worker } = require('bullmq');
const Redis = require('ioredis').Redis || require('ioredis');
const { pace, percentiles, say, submit } = require('./common.js');

const [role, port, settings] = process.argv.slice(2);
const documented = settings === 'documented';
const connection = { host: '127.0.0.1', port: Number(port), maxRetriesPerRequest: null };
const payload = 'x'.repeat(1024);
// The page "Going to production" asks to remove ended jobs; a worker runs one job at a time unless it is told otherwise.
const jobOptions = documented ? {} : { removeOnComplete: true, removeOnFail: true };
const concurrency = documented ? 1 : 64;

function worker() {
  let told = 0;
  const runs = new Worker('bench', async () => {}, { connection: new Redis(connection), concurrency });
  runs.on('error', (error) => console.error(error));
  runs.waitUntilReady().then(() => process.send({ ready: true }));
  // A job counts once Redis has taken its end.
  let completed = 0;
  runs.on('completed', () => { completed++; });
  setInterval(() => { if (completed !== told) { told = completed; process.send({ completed }); } }, 10);
  process.on('disconnect', () => process.exit(0));
}

async function client() {
  const counts = [0, 0];
  let onCount = () => {};
  const workers = counts.map((_, i) => {
    const child = fork(__filename, ['worker', port, settings]);
    const ready = new Promise((resolve) => child.on('message', (message) => {
      if (message.ready) { resolve(); } else { counts[i] = message.completed; onCount(); }
    }));
    return { child, ready };
  });
  await Promise.all(workers.map((one) => one.ready));
  const queue = new Queue('bench', { connection: new Redis(connection), defaultJobOptions: jobOptions });
  const events = new QueueEvents('bench', { connection: new Redis(connection) });
  await queue.waitUntilReady();
  await events.waitUntilReady();
  // Events that come before it listens are never seen.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const ended = () => counts[0] + counts[1];
  const one = () => queue.add('noop', { payload });
  const many = (n) => queue.addBulk(Array.from({ length: n }, () => ({ name: 'noop', data: { payload } })));

  async function load(kind, n) {
    const base = ended();
    const begun = process.hrtime.bigint();
    const all = new Promise((resolve) => { onCount = () => { if (ended() - base >= n) { resolve(); } }; });
    await submit(kind, n, one, many);
    const submitted = process.hrtime.bigint();
    await all;
    say({ n, submitSeconds: Number(submitted - begun) / 1e9, endSeconds: Number(process.hrtime.bigint() - begun) / 1e9 });
  }

  async function latency(rate, seconds) {
    const accepted = [];
    const results = [];
    const open = new Set();
    await pace(rate, seconds, (due, counted) => {
      // A job that is gone can't be waited for, so the last thousand stay.
      const job = queue.add('noop', { payload }, { removeOnComplete: 1000 }).then((added) => {
        if (counted) { accepted.push(Number(process.hrtime.bigint() - due) / 1e6); }
        return added.waitUntilFinished(events);
      }).then(() => {
        if (counted) { results.push(Number(process.hrtime.bigint() - due) / 1e6); }
        open.delete(job);
      });
      open.add(job);
    });
    await Promise.all([...open]);
    say({ counted: results.length, accepted: percentiles(accepted), results: percentiles(results) });
  }

  say({
    ready: true,
    version: 'BullMQ ' + require('bullmq/package.json').version + ', Node ' + process.version,
    pids: { client: process.pid, 'worker-1': workers[0].child.pid, 'worker-2': workers[1].child.pid },
  });
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [verb, first, second] = line.trim().split(' ');
    if (verb === 'submit') { await load(first, Number(second)); }
    if (verb === 'latency') { await latency(Number(first), Number(second)); }
  }
  workers.forEach((each) => each.child.disconnect());
  process.exit(0);
}

if (role === 'worker') { worker(); } else { client().catch((error) => { console.error(error); process.exit(1); }); }
