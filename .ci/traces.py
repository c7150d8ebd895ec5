"""Asks Jaeger for one trace until it is whole, and checks it. Usage: traces.py JAEGER TRACE_ID TRACEPARENT_OF_THE_PROCESS"""

import json
import sys
import time
import urllib.error
import urllib.request

jaeger, trace_id, process = sys.argv[1:]
SUBMIT = "weft.internal.cell.v1.CellService/SubmitTasks"
# from the last span to the first: operation, service
CHAIN = [
    ("task.result", "weft-router"),
    ("task.attempt", "weft-worker"),
    ("task.dispatch", "weft-router"),
    (SUBMIT, "weft-router"),
    (SUBMIT, "weft-gateway"),
]


def fetch():
    try:
        with urllib.request.urlopen(f"{jaeger}/api/traces/{trace_id}", timeout=5) as answer:
            return json.load(answer)["data"][0]
    except (urllib.error.URLError, IndexError):
        return {"spans": [], "processes": {}}


def parent(span):
    return next((ref["spanID"] for ref in span["references"] if ref["refType"] == "CHILD_OF"), "")


def chain(trace):
    """The spans from the settled result upwards."""
    by_id = {span["spanID"]: span for span in trace["spans"]}
    step = next((span for span in trace["spans"] if span["operationName"] == CHAIN[0][0]), None)
    while step:
        yield step
        step = by_id.get(parent(step))


deadline = time.monotonic() + 30
while True:
    trace = fetch()
    steps = list(chain(trace))
    if len(steps) > len(CHAIN) or time.monotonic() > deadline:
        break
    time.sleep(0.2)

names = [(s["operationName"], trace["processes"][s["processID"]]["serviceName"]) for s in steps]
attempt = next((s for s in steps if s["operationName"] == "task.attempt"), {"tags": [], "spanID": ""})
tags = {tag["key"]: tag["value"] for tag in attempt["tags"]}
checks = {
    "the chain from the result to the gateway": names[: len(CHAIN)] == CHAIN,
    "the gateway's door first": len(steps) == len(CHAIN) + 1 and names[-1][1] == "weft-gateway",
    "the door below the caller": bool(steps) and parent(steps[-1]) == "00f067aa0ba902b7",
    "the process in the attempt": process.strip() == f"00-{trace_id}-{attempt['spanID']}-01",
    "the attempt's facts": tags.get("exitCode") == 0 and str(tags.get("taskId")).startswith("tsk_"),
}
for name, holds in checks.items():
    print(f"{'ok' if holds else 'FAILED'}: {name}")
if not all(checks.values()):
    print(json.dumps(names), parent(steps[-1]) if steps else "", process)
failed = sum(not holds for holds in checks.values())
print(f"{len(checks) - failed} passed, {failed} failed, 0 skipped")
sys.exit(1 if failed else 0)
