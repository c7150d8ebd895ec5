"""An agent's session through the websockets package, as a program that knows docs/session-protocol.md and nothing else."""

import json
import os
import urllib.request

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

SUBPROTOCOL = "weft.session.v1"
LINES = "".join(f"line {i}\n" for i in range(1, 201))


def rest(method, path, body=None):
    request = urllib.request.Request(
        os.environ["WEFT_REST"] + path,
        method=method,
        data=json.dumps(body or {}).encode() if method == "POST" else None,
        headers={"Authorization": f"Bearer {os.environ['WEFT_TOKEN']}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


@pytest.fixture()
def spawned():
    agent = rest("POST", "/v1/agents", {"spec": {"displayName": "python"}})
    yield agent
    rest("POST", f"/v1/agents/{agent['agent']['agentId']}:terminate")


def messages(session):
    """JSON messages; the terminal's are left out."""
    while True:
        message = session.recv(timeout=60)
        if isinstance(message, str):
            yield json.loads(message)


def test_a_session_is_resumed_by_its_cursor_and_nothing_is_missing_or_twice(spawned):
    seen, cursor = "", ""
    with connect(f"{spawned['sessionUrl']}?ticket={spawned['ticket']['ticket']}", subprotocols=[SUBPROTOCOL]) as session:
        assert session.subprotocol == SUBPROTOCOL
        script = "for i in $(seq 1 200); do echo line $i; sleep 0.01; done; exit 4"
        session.send(json.dumps({"type": "command", "commandId": "lines", "argv": ["sh", "-c", script]}))
        for message in messages(session):
            cursor = message.get("cursor", cursor)
            if message["type"] == "output":
                seen += message["text"]
                if "line 20\n" in seen:
                    break
        session.socket.close()  # Without a word, as when a cable is pulled.
    ticket = rest("POST", f"/v1/agents/{spawned['agent']['agentId']}:ticket")["ticket"]["ticket"]
    with connect(f"{spawned['sessionUrl']}?ticket={ticket}&cursor={cursor}", subprotocols=[SUBPROTOCOL]) as session:
        for message in messages(session):
            assert message["type"] != "gap"
            if message["type"] == "output":
                seen += message["text"]
            if message["type"] == "ended":
                assert message["exitCode"] == 4
                break
    assert seen == LINES


def test_the_terminal_is_binary(spawned):
    with connect(f"{spawned['sessionUrl']}?ticket={spawned['ticket']['ticket']}") as session:
        session.send(b"printf '<%s>' $((6*7))\n")
        shown = b""
        while b"<42>" not in shown:
            message = session.recv(timeout=60)
            if isinstance(message, bytes):
                assert len(message) > 12
                shown += message[12:]


def test_a_ticket_lets_in_once(spawned):
    url = f"{spawned['sessionUrl']}?ticket={spawned['ticket']['ticket']}"
    with connect(url):
        pass
    with pytest.raises(InvalidStatus) as refused:
        connect(url)
    assert refused.value.response.status_code == 401
    assert json.loads(refused.value.response.body)["reason"] == "TICKET_INVALID"
