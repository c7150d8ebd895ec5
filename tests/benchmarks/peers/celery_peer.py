"""Celery: one client, two worker processes. Asked by lines on standard input, answers with lines of JSON.

submit single|batch N   submits N tasks and waits until all have ended; there is no call that submits several, so a
                        batch is 8 callers, each of which sends 100 over a producer of its own
"""

import concurrent.futures
import json
import os
import subprocess
import sys
import threading
import time

import celery
import kombu

BROKER, COUNTER = os.environ["BENCH_BROKER"], os.environ["BENCH_COUNTER"]
DOCUMENTED = os.environ.get("BENCH_SETTINGS") == "documented"

app = celery.Celery("celery_peer", broker=BROKER)
app.conf.update(
    task_ignore_result=True,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    broker_pool_limit=16,
)
if not DOCUMENTED:
    app.conf.update(task_acks_late=True, worker_prefetch_multiplier=64, worker_disable_rate_limits=True)

ENDS = os.open(COUNTER, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


@app.task(name="noop")
def noop(payload):
    """One byte for each task that ran: the file's length is the count of both processes."""
    os.write(ENDS, b".")


def say(answer):
    print(json.dumps(answer), flush=True)


def ended():
    return os.stat(COUNTER).st_size


def submit(kind, total):
    """As many callers as Python's threads make sense of: more only wait for its lock."""
    callers, per_call = (8, 1) if kind == "single" else (8, 100)
    left, lock, payload = [total], threading.Lock(), "x" * 1024

    def caller():
        with app.producer_pool.acquire(block=True) as producer:
            while True:
                with lock:
                    now = min(per_call, left[0])
                    left[0] -= now
                if now == 0:
                    return
                for _ in range(now):
                    noop.apply_async((payload,), producer=producer)

    with concurrent.futures.ThreadPoolExecutor(callers) as threads:
        for each in [threads.submit(caller) for _ in range(callers)]:
            each.result()


def measure(kind, total):
    base, begun = ended(), time.monotonic()
    submit(kind, total)
    submitted = time.monotonic() - begun
    while ended() - base < total:
        time.sleep(0.02)
    say({"n": total, "submitSeconds": submitted, "endSeconds": time.monotonic() - begun})


def main():
    worker = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "celery_peer", "worker", "--concurrency", "2", "--loglevel", "ERROR",
         "--without-gossip", "--without-mingle", "--without-heartbeat"],
        cwd=os.path.dirname(os.path.abspath(__file__)), stdout=sys.stderr)
    try:
        submit("single", 100)
        while ended() < 100:
            if worker.poll() is not None:
                raise SystemExit("the worker ended: %s" % worker.returncode)
            time.sleep(0.05)
        version = "Celery %s, kombu %s, Python %s" % (celery.__version__, kombu.__version__, sys.version.split()[0])
        say({"ready": True, "version": version, "pids": {"client": os.getpid(), "workers": worker.pid}})
        for line in sys.stdin:
            verb, kind, count = line.split()
            if verb == "submit":
                measure(kind, int(count))
    finally:
        worker.terminate()
        worker.wait()


if __name__ == "__main__":
    main()
