"""An agent's session through Node's ws package."""

import json
import pathlib
import subprocess

SCRIPT = pathlib.Path(__file__).with_name("session.cjs")


def test_a_session_is_resumed_by_its_cursor_and_nothing_is_missing_or_twice():
    node = subprocess.run(["node", str(SCRIPT)], capture_output=True, text=True, timeout=120, check=False)
    assert node.returncode == 0, node.stderr
    story = json.loads(node.stdout)
    assert story["output"] == "".join(f"line {i}\n" for i in range(1, 201))
    assert (story["exitCode"], story["repeated"], story["gaps"]) == (6, 0, 0)
