package dev.weft.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.ByteString;
import dev.weft.gateway.app.CoalescerLimits;
import dev.weft.gateway.app.CoalescerTools;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.app.ServerClock;
import dev.weft.gateway.app.SubmitCoalescer;
import dev.weft.gateway.testing.LoopbackMesh;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.id.IdGenerator;
import dev.weft.platform.time.Backoff;
import dev.weft.platform.time.Ticker;
import dev.weft.proto.internal.cell.v1.Accepted;
import dev.weft.proto.internal.cell.v1.Submission;
import dev.weft.proto.tasks.v1.NoopExecutor;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskResult;
import dev.weft.proto.tasks.v1.TaskSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Batches to a placer whose answers outgrow what the mesh carries in one message, 8 MiB. */
class CellSubmitterTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final LoopbackMesh mesh = new LoopbackMesh();
  private final List<Integer> sizes = new CopyOnWriteArrayList<>();
  private final SubmitCoalescer<Submission, Accepted> submissions = submissions();

  @AfterEach
  void close() {
    mesh.close();
  }

  @Test
  void anAnswerThatIsTooLargeTogetherIsAskedForInParts() {
    mesh.placer.view = task -> grown(task, 3 << 20);

    List<CompletionStage<Accepted>> answers = submit("a", "b", "c", "d", "e");

    assertThat(answers).allSatisfy(it -> assertThat(accepted(it).getExisting()).isFalse());
    assertThat(sizes).containsExactly(5, 3, 2, 2, 1);
    assertThat(mesh.placer.submissions).hasSize(5);
  }

  @Test
  void oneTaskThatIsTooLargeByItselfSpoilsNoOther() {
    mesh.placer.view = task -> name(task).equals("b") ? grown(task, 9 << 20) : task;

    List<CompletionStage<Accepted>> answers = submit("a", "b", "c");

    Throwable unknown = catchThrowable(() -> accepted(answers.get(1)));
    assertThat(unknown.getCause())
        .isInstanceOfSatisfying(
            MeshException.class,
            it -> {
              assertThat(it.reason()).isEqualTo(GatewayReason.OUTCOME_UNKNOWN);
              assertThat(mesh.placer.submissions).containsKey(it.metadata().get("task_id"));
            });
    assertThat(name(accepted(answers.get(0)).getTask())).isEqualTo("a");
    assertThat(name(accepted(answers.get(2)).getTask())).isEqualTo("c");
    assertThat(mesh.placer.submissions).hasSize(3);
  }

  private List<CompletionStage<Accepted>> submit(String... names) {
    List<Submission> items = new ArrayList<>();
    for (String name : names) {
      items.add(
          Submission.newBuilder()
              .setTenant("acme")
              .setSpec(
                  TaskSpec.newBuilder()
                      .setNoop(NoopExecutor.newBuilder().setPayload(ByteString.copyFromUtf8(name))))
              .build());
    }
    return submissions.submitAll("acme", items, Submission::getSerializedSize, PATIENCE);
  }

  private static Accepted accepted(CompletionStage<Accepted> answer) {
    return answer.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  private static String name(Task task) {
    return task.getSpec().getNoop().getPayload().toStringUtf8();
  }

  private static Task grown(Task task, int bytes) {
    return task.toBuilder()
        .setResult(TaskResult.newBuilder().setOutput(ByteString.copyFrom(new byte[bytes])))
        .build();
  }

  private SubmitCoalescer<Submission, Accepted> submissions() {
    ServerClock clock = new ServerClock(InstantSource.system());
    Random random = new Random(1);
    return TaskForwarder.coalescer(
        mesh.cell,
        new CoalescerLimits(1_000, 64 << 20, 1_000, 4 << 20, Duration.ofSeconds(4)),
        new CoalescerTools(
            new IdGenerator(0, clock, random),
            clock,
            Ticker.system(),
            (delay, task) ->
                CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(task),
            Backoff.doubling(Duration.ofMillis(50), Duration.ofSeconds(1)),
            random),
        sizes::add);
  }
}
