// graphile-worker: one client, two worker processes of 32 jobs each. Asked and answering as bullmq.js.
'use strict';
const { fork } = require('node:child_process');
const readline = require('node:readline');
const { Pool } = require('pg');
const { makeWorkerUtils, run } = require('graphile-worker');
const { say, submit } = require('./common.js');

const [role, port, settings] = process.argv.slice(2);
const connectionString = `postgres://postgres:${process.env.PGPASSWORD}@127.0.0.1:${port}/postgres`;
const payload = { payload: 'x'.repeat(1024) };
const documented = settings === 'documented';

// The page "Performance" asks for a local queue and batched completion where throughput is wanted.
const preset = documented ? {} : {
  preset: { worker: {
    localQueue: { size: 500, ttl: 300000 }, completeJobBatchDelay: 0, failJobBatchDelay: 0, getQueueNameBatchDelay: -1,
  } },
};

async function worker() {
  let completed = 0;
  let told = 0;
  const runner = await run({
    ...preset,
    connectionString,
    concurrency: documented ? 1 : 32,
    maxPoolSize: documented ? 10 : 16,
    noHandleSignals: true,
    logger: new (require('graphile-worker').Logger)(() => () => {}),
    taskList: { noop: async () => {} },
  });
  runner.events.on('job:complete', () => { completed++; });
  setInterval(() => { if (completed !== told) { told = completed; process.send({ completed }); } }, 10);
  process.send({ ready: true });
  process.on('disconnect', () => process.exit(0));
}

async function client() {
  const pool = new Pool({ connectionString, max: 16 });
  const utils = await makeWorkerUtils({ pgPool: pool });
  await utils.migrate();
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
  const ended = () => counts[0] + counts[1];
  const one = () => utils.addJob('noop', payload);
  const many = (n) => utils.addJobs(Array.from({ length: n }, () => ({ identifier: 'noop', payload })));

  say({
    ready: true,
    version: 'graphile-worker ' + require('graphile-worker/package.json').version + ', Node ' + process.version,
    pids: { client: process.pid, 'worker-1': workers[0].child.pid, 'worker-2': workers[1].child.pid },
  });
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [verb, kind, count] = line.trim().split(' ');
    if (verb === 'submit') {
      const n = Number(count);
      const base = ended();
      const begun = process.hrtime.bigint();
      const all = new Promise((resolve) => { onCount = () => { if (ended() - base >= n) { resolve(); } }; });
      await submit(kind, n, one, many);
      const submitted = process.hrtime.bigint();
      await all;
      say({ n, submitSeconds: Number(submitted - begun) / 1e9, endSeconds: Number(process.hrtime.bigint() - begun) / 1e9 });
    }
  }
  workers.forEach((each) => each.child.disconnect());
  process.exit(0);
}

(role === 'worker' ? worker() : client()).catch((error) => { console.error(error); process.exit(1); });
