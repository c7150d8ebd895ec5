"""The public gRPC through a generated Python stub."""

import grpc
import pytest


@pytest.fixture(scope="session")
def tasks(stubs, channel):
    return stubs["tasks_service_pb2_grpc"].TaskServiceStub(channel)


def shell(stubs, *argv):
    spec = stubs["tasks_pb2"].TaskSpec(shell=stubs["tasks_pb2"].ShellExecutor(argv=argv))
    return stubs["tasks_service_pb2"].SubmitTaskRequest(spec=spec)


def test_a_command_runs_and_its_output_comes_back(stubs, tasks, bearer):
    submitted = tasks.SubmitTask(shell(stubs, "sh", "-c", "echo from python; exit 3"), metadata=bearer, timeout=10).task
    watch = stubs["tasks_service_pb2"].WatchTaskRequest(task_id=submitted.id)
    states = [step.event.state for step in tasks.WatchTask(watch, metadata=bearer, timeout=90) if step.HasField("event")]
    task = tasks.GetTask(stubs["tasks_service_pb2"].GetTaskRequest(task_id=submitted.id), metadata=bearer, timeout=10).task
    assert task.result.exit_code == 3
    assert task.result.stdout == b"from python\n"
    assert states[-1] == task.state == stubs["tasks_pb2"].TASK_STATE_FAILED


def test_the_same_key_with_the_same_spec_is_the_same_task(stubs, tasks, bearer):
    request = shell(stubs, "true")
    request.request_id = "python-key-1"
    first = tasks.SubmitTask(request, metadata=bearer, timeout=10)
    second = tasks.SubmitTask(request, metadata=bearer, timeout=10)
    assert first.task.id == second.task.id
    assert second.existing


def test_the_same_key_with_another_spec_is_refused(stubs, tasks, bearer):
    request = shell(stubs, "true")
    request.request_id = "python-key-2"
    tasks.SubmitTask(request, metadata=bearer, timeout=10)
    request.spec.shell.argv[0] = "false"
    with pytest.raises(grpc.RpcError) as refused:
        tasks.SubmitTask(request, metadata=bearer, timeout=10)
    assert refused.value.code() == grpc.StatusCode.ALREADY_EXISTS


def test_without_a_token_nothing_is_answered(stubs, tasks):
    with pytest.raises(grpc.RpcError) as refused:
        tasks.SubmitTask(shell(stubs, "true"), timeout=10)
    assert refused.value.code() == grpc.StatusCode.UNAUTHENTICATED


def test_workers_are_listed_with_their_typed_profiles(stubs, channel, bearer):
    workers = stubs["workers_service_pb2_grpc"].WorkerServiceStub(channel)
    listed = workers.ListWorkers(stubs["workers_service_pb2"].ListWorkersRequest(), metadata=bearer, timeout=10).workers
    models = {model.model for worker in listed for model in worker.profile.llm_models}
    assert "qwen3-235b" in models
