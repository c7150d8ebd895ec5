package dev.weft.bench;

import dev.weft.proto.tasks.v1.ListTasksRequest;
import dev.weft.proto.tasks.v1.ListTasksResponse;
import dev.weft.proto.tasks.v1.SubmitTaskRequest;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskState;
import java.io.IOException;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tasks submitted by a crowd and seen to have ended, with what each cost.
 *
 * @param submitRate accepted and flushed per second
 * @param endRate from the first call to the last end, per second
 * @param cpu µs of each process, for each task
 * @param counts of parts and services, for each task
 */
record Round(
    double submitRate, double endRate, Map<String, Double> cpu, Map<String, Double> counts) {

  private static final String ENDED = "succeeded";
  private static final int PAGE = 1000;

  /** Measures it, and makes sure that every single task has ended well. */
  static Round of(Mesh mesh, TaskClient client, Callers callers, int tasks)
      throws IOException, InterruptedException, SQLException {
    SubmitTaskRequest request = TaskClient.request(TaskClient.noop());
    Steps steps = new Steps(mesh);
    Counts countsBefore = Counts.of(mesh);
    double before = steps.count(ENDED);
    CpuTimes cpuBefore = CpuTimes.of(mesh);
    long begun = System.nanoTime();
    Crowd.Submitted submitted = Crowd.submit(client.stub(), request, callers, tasks);
    double seconds = (steps.await(ENDED, before + tasks) - begun) / 1e9;
    Map<String, Double> cpu = CpuTimes.of(mesh).perTask(cpuBefore, tasks);
    Thread.sleep(Counts.SETTLE_MILLIS);
    Map<String, Double> counts = Counts.of(mesh).perTask(countsBefore, tasks);
    requireEnded(client, submitted.ids());
    return new Round(tasks / submitted.seconds(), tasks / seconds, cpu, counts);
  }

  /** The newest come first, so a few pages more than there are tasks hold all of them. */
  private static void requireEnded(TaskClient client, List<String> ids) {
    Set<String> left = new HashSet<>(ids);
    if (left.size() != ids.size()) {
      throw new BenchFailure("ids: " + left.size() + " different ones of " + ids.size());
    }
    String next = "";
    for (int page = 0; !left.isEmpty() && page <= 2 * (ids.size() / PAGE + 1); page++) {
      ListTasksResponse answer =
          client
              .blocking()
              .listTasks(
                  ListTasksRequest.newBuilder().setPageSize(PAGE).setPageToken(next).build());
      for (Task task : answer.getTasksList()) {
        if (task.getState() == TaskState.TASK_STATE_SUCCEEDED) {
          left.remove(task.getId());
        }
      }
      next = answer.getNextPageToken();
    }
    if (!left.isEmpty()) {
      throw new BenchFailure(left.size() + " of " + ids.size() + " tasks are not SUCCEEDED");
    }
  }
}
