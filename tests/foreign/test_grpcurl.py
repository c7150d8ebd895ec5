"""The public gRPC through the real grpcurl, as a person types it."""

import base64
import json
import os
import re
import subprocess


def grpcurl(*arguments, token=True):
    command = [os.environ["GRPCURL"], "-plaintext", "-max-time", "20"]
    if token:
        command += ["-H", f"authorization: Bearer {os.environ['WEFT_TOKEN']}"]
    return subprocess.run(command + list(arguments), capture_output=True, text=True, timeout=30)


def test_it_lists_the_public_services_and_no_other():
    listed = grpcurl(os.environ["WEFT_GRPC"], "list", token=False).stdout.split()
    assert {"weft.tasks.v1.TaskService", "weft.workers.v1.WorkerService", "weft.join.v1.JoinService",
            "grpc.health.v1.Health"} <= set(listed)
    assert not [name for name in listed if ".internal." in name]


def test_it_describes_a_method():
    described = grpcurl(os.environ["WEFT_GRPC"], "describe", "weft.tasks.v1.TaskService.SubmitTask", token=False)
    assert "SubmitTaskRequest" in described.stdout


def test_it_submits_a_task():
    request = json.dumps({"spec": {"shell": {"argv": ["echo", "hi"]}}})
    answer = grpcurl("-d", request, os.environ["WEFT_GRPC"], "weft.tasks.v1.TaskService/SubmitTask")
    assert json.loads(answer.stdout)["task"]["id"].startswith("tsk_"), answer.stderr


def test_an_unknown_id_is_not_found_with_its_reason():
    request = json.dumps({"taskId": "tsk_00000000000000000000000000"})
    answer = grpcurl("-d", request, os.environ["WEFT_GRPC"], "weft.tasks.v1.TaskService/GetTask")
    assert answer.returncode != 0
    assert "Code: NotFound" in answer.stderr
    # grpcurl has no descriptor of google.rpc.ErrorInfo and shows its bytes.
    details = [base64.b64decode(value) for value in re.findall(r'"@value": "([^"]+)"', answer.stderr)]
    assert any(b"TASK_NOT_FOUND" in detail for detail in details)


def test_health_is_served():
    assert "SERVING" in grpcurl(os.environ["WEFT_GRPC"], "grpc.health.v1.Health/Check", token=False).stdout


def test_a_wrong_token_is_refused():
    answer = grpcurl("-H", "authorization: Bearer wft_wrong", "-d", "{}", os.environ["WEFT_GRPC"],
                     "weft.tasks.v1.TaskService/ListTasks", token=False)
    assert "Unauthenticated" in answer.stderr
