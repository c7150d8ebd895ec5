// What both Node peers have in common: callers, an even pace, percentiles, the answer's form.
'use strict';
const { Worker } = require('node:worker_threads');

function say(answer) {
  process.stdout.write(JSON.stringify(answer) + '\n');
}

// 64 callers that submit one each, or 8 that submit 100, each waiting for its answer before the next.
async function submit(kind, n, one, many) {
  const [callers, perCall] = kind === 'single' ? [64, 1] : [8, 100];
  let left = n;
  await Promise.all(Array.from({ length: callers }, async () => {
    while (left > 0) {
      const now = Math.min(perCall, left);
      left -= now;
      await (kind === 'single' ? one() : many(now));
    }
  }));
}

// Calls act(due, counted) when each is due. A thread of its own keeps the time: the timers of an event loop are coarse.
// The first fifth warms up and isn't counted.
function pace(rate, seconds, act) {
  const total = rate * seconds;
  return new Promise((resolve, reject) => {
    const clock = new Worker(
      `const { parentPort, workerData } = require('node:worker_threads');
       const { rate, total } = workerData;
       const sleeper = new Int32Array(new SharedArrayBuffer(4));
       const begin = process.hrtime.bigint();
       for (let n = 0; n < total; n++) {
         const due = begin + BigInt(Math.round(n * 1e9 / rate));
         for (let wait = Number(due - process.hrtime.bigint()); wait > 0; wait = Number(due - process.hrtime.bigint())) {
           Atomics.wait(sleeper, 0, 0, wait / 1e6);
         }
         parentPort.postMessage([due, n]);
       }`,
      { eval: true, workerData: { rate, total } });
    clock.on('message', ([due, n]) => act(due, n >= total / 5));
    clock.on('error', reject);
    clock.on('exit', resolve);
  });
}

function percentiles(millis) {
  millis.sort((a, b) => a - b);
  return [50, 90, 99, 99.9, 100].map(
    (each) => millis[Math.max(0, Math.min(millis.length - 1, Math.ceil(millis.length * each / 100) - 1))]);
}

module.exports = { pace, percentiles, say, submit };
