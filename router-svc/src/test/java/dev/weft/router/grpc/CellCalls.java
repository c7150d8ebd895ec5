package dev.weft.router.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.platform.error.MeshProblem;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.internal.cell.v1.EndTaskRequest;
import dev.weft.proto.internal.cell.v1.FetchDecisionsRequest;
import dev.weft.proto.internal.cell.v1.FetchTaskRequest;
import dev.weft.proto.internal.cell.v1.FetchTasksRequest;
import dev.weft.proto.internal.cell.v1.FetchTasksResponse;
import dev.weft.proto.internal.cell.v1.FollowTaskRequest;
import dev.weft.proto.internal.cell.v1.FollowTaskResponse;
import dev.weft.proto.tasks.v1.Decision;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskState;
import io.grpc.StatusRuntimeException;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;

/** What the gateway calls at a router, for the tenant acme. */
final class CellCalls {

  private final RouterFixture router;

  CellCalls(RouterFixture router) {
    this.router = router;
  }

  Task fetch(String id) {
    return fetch("acme", id);
  }

  Task fetch(String tenant, String id) {
    return router
        .cell()
        .fetchTask(FetchTaskRequest.newBuilder().setTenant(tenant).setTaskId(id).build())
        .getTask();
  }

  Task end(String id) {
    return router
        .cell()
        .endTask(EndTaskRequest.newBuilder().setTenant("acme").setTaskId(id).build())
        .getTask();
  }

  FetchTasksResponse list(int size, String token, TaskState... states) {
    return router
        .cell()
        .fetchTasks(
            FetchTasksRequest.newBuilder()
                .setTenant("acme")
                .setPageSize(size)
                .setPageToken(token)
                .addAllStates(List.of(states))
                .build());
  }

  Iterator<FollowTaskResponse> follow(String id, String cursor) {
    return router
        .cell()
        .followTask(
            FollowTaskRequest.newBuilder()
                .setTenant("acme")
                .setTaskId(id)
                .setAfterCursor(cursor)
                .build());
  }

  List<Decision> decisions(String id) {
    return router
        .cell()
        .fetchDecisions(FetchDecisionsRequest.newBuilder().setTenant("acme").setTaskId(id).build())
        .getDecisionsList();
  }

  static MeshProblem assertReason(String reason, Callable<?> call) {
    try {
      Object answer = call.call();
      throw new AssertionError("answered: " + answer);
    } catch (StatusRuntimeException e) {
      MeshProblem problem = StatusMapper.fromStatus(e);
      assertThat(problem.reason()).isEqualTo(reason);
      return problem;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
