package dev.weft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.e2e.mesh.LocalMesh;
import dev.weft.e2e.mesh.MeshClient;
import dev.weft.e2e.mesh.OtlpReceiver;
import dev.weft.e2e.mesh.OtlpReceiver.SeenSpan;
import dev.weft.e2e.mesh.SharedMesh;
import dev.weft.proto.tasks.v1.RetryPolicy;
import dev.weft.proto.tasks.v1.SubmitTaskRequest;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.proto.tasks.v1.TaskState;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** One trace from the caller to the sandboxed process and back, as a collector receives it. */
@ExtendWith(SharedMesh.class)
class TraceIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String CALLER = "00f067aa0ba902b7";
  private static final String SUBMIT = "weft.internal.cell.v1.CellService/SubmitTasks";

  private final String trace = UUID.randomUUID().toString().replace("-", "");
  private final LocalMesh mesh;
  private final OtlpReceiver collector;

  TraceIT(LocalMesh mesh, OtlpReceiver collector) {
    this.mesh = mesh;
    this.collector = collector;
  }

  @Test
  void aCommandsTraceGoesFromTheCallerThroughEveryServiceToTheProcessAndBack() {
    String said = run("sh", "-c", "echo $TRACEPARENT");

    SeenSpan result = await("task.result").getFirst();
    SeenSpan attempt = parentOf(result);
    SeenSpan dispatch = parentOf(attempt);
    SeenSpan taken = parentOf(dispatch);
    SeenSpan sent = parentOf(taken);
    SeenSpan door = parentOf(sent);
    assertSpan(result, "task.result", "weft-router");
    assertSpan(attempt, "task.attempt", "weft-worker");
    assertSpan(dispatch, "task.dispatch", "weft-router");
    assertSpan(taken, SUBMIT, "weft-router");
    assertThat(taken.span().getKind()).isEqualTo(SpanKind.SPAN_KIND_SERVER);
    assertSpan(sent, SUBMIT, "weft-gateway");
    assertThat(sent.span().getKind()).isEqualTo(SpanKind.SPAN_KIND_CLIENT);
    assertThat(door.service()).isEqualTo("weft-gateway");
    assertThat(door.span().getKind()).isEqualTo(SpanKind.SPAN_KIND_SERVER);
    assertThat(door.parent()).isEqualTo(CALLER);
    assertThat(said.strip()).isEqualTo("00-%s-%s-01".formatted(trace, attempt.id()));
    assertThat(attempt.attribute("taskId")).startsWith("tsk_");
    assertThat(attempt.attribute("attempt")).isEqualTo("1");
    assertThat(attempt.attribute("exitCode")).isEqualTo("0");
    assertThat(attempt.attribute("workerId"))
        .startsWith("wkr_")
        .isEqualTo(dispatch.attribute("workerId"));
    assertThat(dispatch.span().getEndTimeUnixNano())
        .isGreaterThanOrEqualTo(dispatch.span().getStartTimeUnixNano());
  }

  @Test
  void retriesAreInTheSameTraceBesideEachOther() {
    TaskSpec spec =
        MeshClient.shell("sh", "-c", "exit 9").toBuilder()
            .setRetryPolicy(
                RetryPolicy.newBuilder()
                    .setMaxRetries(1)
                    .setInitialBackoff(
                        com.google.protobuf.Duration.newBuilder().setNanos(1_000_000)))
            .build();
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER), traceparent("01"));
    try (MeshClient client = mesh.client()) {
      Task task =
          client
              .tasks(PATIENCE)
              .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
              .submitTask(SubmitTaskRequest.newBuilder().setSpec(spec).setRequestId(trace).build())
              .getTask();
      assertThat(client.await(task.getId(), PATIENCE).getState())
          .isEqualTo(TaskState.TASK_STATE_FAILED);
    }

    List<SeenSpan> attempts = await("task.attempt", 2);
    List<SeenSpan> dispatches = attempts.stream().map(this::parentOf).toList();
    assertThat(attempts)
        .extracting(span -> span.attribute("attempt"))
        .containsExactlyInAnyOrder("1", "2");
    assertThat(attempts).allMatch(span -> span.attribute("exitCode").equals("9"));
    assertThat(attempts).allMatch(span -> span.attribute("reason").equals("EXIT_NONZERO"));
    assertThat(dispatches).extracting(SeenSpan::id).doesNotHaveDuplicates();
    assertThat(dispatches)
        .extracting(SeenSpan::parent)
        .containsOnly(dispatches.getFirst().parent());
    SeenSpan door = parentOf(parentOf(parentOf(dispatches.getFirst())));
    assertThat(door.span().getName()).isEqualTo("weft.tasks.v1.TaskService/SubmitTask");
    assertThat(door.parent()).isEqualTo(CALLER);
  }

  @Test
  void whatADirectoryTravelsIsSeenAsTransfersAndNoStreamIsASpan(@TempDir Path directory)
      throws IOException {
    Files.writeString(directory.resolve("in.txt"), "in");

    run("--dir", directory.toString(), "--", "sh", "-c", "cp in.txt out.txt");

    SeenSpan attempt = await("task.attempt").getFirst();
    List<SeenSpan> fetched = await("weft.internal.artifact.v1.StoreService/FetchArtifact", 2);
    assertThat(fetched)
        .filteredOn(span -> span.service().equals("weft-worker"))
        .isNotEmpty()
        .allMatch(span -> span.parent().equals(attempt.id()));
    assertThat(fetched)
        .filteredOn(span -> span.service().equals("weft-artifact"))
        .isNotEmpty()
        .allMatch(span -> parentOf(span).service().equals("weft-worker"));
    assertThat(collector.trace(trace))
        .as("the upload")
        .anyMatch(
            span ->
                span.service().equals("weft-artifact")
                    && span.span().getName().endsWith("/StoreBlobs"));
    assertThat(collector.all())
        .extracting(span -> span.span().getName())
        .noneMatch(
            name ->
                name.matches(".*/(Work|Heartbeat|WatchTask|FollowTask|Follow\\w+|AppendOutput)"));
  }

  @Test
  void aTraceThatItsCallerDoesNotSampleIsCarriedOnAndNotExported() {
    String said =
        mesh.weft(
                Map.of("TRACEPARENT", traceparent("00")),
                PATIENCE,
                "run",
                "--",
                "sh",
                "-c",
                "echo $TRACEPARENT")
            .expectSuccess()
            .stdout();
    String sampled = UUID.randomUUID().toString().replace("-", "");
    mesh.weft(
            Map.of("TRACEPARENT", "00-%s-%s-01".formatted(sampled, CALLER)),
            PATIENCE,
            "run",
            "--",
            "true")
        .expectSuccess();

    assertThat(said).startsWith("00-" + trace + "-").endsWith("-00\n");
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> collector.trace(sampled).stream().anyMatch(named("task.result")));
    assertThat(collector.trace(trace)).isEmpty();
  }

  @Test
  void aCollectorThatIsGoneOrSilentCostsNothingAndIsFoundAgain() {
    collector.vanish();
    assertThat(runNoops(300)).isEqualTo(300);
    collector.comeBack();
    collector.mute();
    assertThat(runNoops(300)).isEqualTo(300);
    collector.comeBack();

    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofSeconds(2))
        .until(
            () -> {
              run("--", "true");
              return collector.trace(trace).stream().anyMatch(named("task.result"));
            });
  }

  private int runNoops(int count) {
    try (MeshClient client = mesh.client()) {
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        ids.add(client.submit(MeshClient.noop()).getId());
      }
      return (int)
          ids.stream()
              .map(id -> client.await(id, PATIENCE).getState())
              .filter(state -> state == TaskState.TASK_STATE_SUCCEEDED)
              .count();
    }
  }

  private String run(String... arguments) {
    List<String> all = new ArrayList<>(List.of("run"));
    if (!arguments[0].startsWith("--")) {
      all.add("--");
    }
    all.addAll(List.of(arguments));
    return mesh.weft(Map.of("TRACEPARENT", traceparent("01")), PATIENCE, all.toArray(String[]::new))
        .expectSuccess()
        .stdout();
  }

  private String traceparent(String flags) {
    return "00-%s-%s-%s".formatted(trace, CALLER, flags);
  }

  private List<SeenSpan> await(String name) {
    return await(name, 1);
  }

  /** That many spans of the trace, each with all its parents up to the caller. */
  private List<SeenSpan> await(String name, int count) {
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              List<SeenSpan> all = collector.trace(trace);
              List<String> ids = new ArrayList<>(all.stream().map(SeenSpan::id).toList());
              ids.add(CALLER);
              assertThat(all).filteredOn(named(name)).hasSizeGreaterThanOrEqualTo(count);
              assertThat(ids).containsAll(all.stream().map(SeenSpan::parent).toList());
            });
    return collector.trace(trace).stream().filter(named(name)).toList();
  }

  private SeenSpan parentOf(SeenSpan child) {
    return collector.trace(trace).stream()
        .filter(span -> span.id().equals(child.parent()))
        .findFirst()
        .orElseThrow(
            () -> new AssertionError(child + " has no parent in " + collector.trace(trace)));
  }

  private static Predicate<SeenSpan> named(String name) {
    return span -> span.span().getName().equals(name);
  }

  private static void assertSpan(SeenSpan span, String name, String service) {
    assertThat(span.span().getName()).isEqualTo(name);
    assertThat(span.service()).isEqualTo(service);
  }
}
