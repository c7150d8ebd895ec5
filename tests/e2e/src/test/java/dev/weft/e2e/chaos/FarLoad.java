package dev.weft.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.e2e.history.HistoryChecker;
import dev.weft.e2e.history.OperationLog;
import dev.weft.e2e.mesh.LocalMesh;
import dev.weft.e2e.mesh.MeshClient;
import dev.weft.e2e.mesh.Submitter;
import dev.weft.proto.tasks.v1.Resources;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.proto.tasks.v1.TaskState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/** Commands for one worker that print for a while, and what is to be known of them afterwards. */
final class FarLoad {

  /** A worker of the tests runs so many at once. */
  static final int AT_ONCE = 4;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int LINES = 8;

  /** All of it at once, so that it comes with the result. */
  private static final String SHORT =
      "sleep 1.6; echo attempt $WEFT_ATTEMPT; seq -f 'line %g' 1 " + LINES;

  /** What the chatty one prints twice a second, for the log. */
  private static final int CHATTY_LINES = 500;

  private final LocalMesh mesh;
  private final MeshClient client;
  private final OperationLog log;
  private final String worker;
  private final List<String> ids = new ArrayList<>();
  private final String chatty;
  private final int chattyLines;

  /**
   * Hands in what keeps the worker busy for about so long, and one command that prints all the
   * while.
   */
  FarLoad(LocalMesh mesh, MeshClient client, OperationLog log, String worker, Duration time) {
    this.mesh = mesh;
    this.client = client;
    this.log = log;
    this.worker = worker;
    chattyLines = (int) time.toSeconds() * 2 * CHATTY_LINES;
    chatty =
        submit(
            "for i in $(seq 1 %1$d %2$d); do seq $i $((i + %1$d - 1)); sleep 0.4; done"
                .formatted(CHATTY_LINES, chattyLines));
    // Each of them takes two seconds, and one slot is the chatty one's.
    for (int i = 0; i < time.toSeconds() * (AT_ONCE - 1) / 2; i++) {
      ids.add(submit(SHORT));
    }
  }

  /** Waits until the worker has something to do. */
  void awaitBegun() {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> client.get(ids.getFirst()).getState() != TaskState.TASK_STATE_QUEUED);
  }

  boolean workerIsReady() {
    return client.readyWorkers().stream()
        .anyMatch(one -> one.getProfile().getName().equals(worker));
  }

  /** Every one has succeeded, all that each printed is there in its order, and no promise broke. */
  void assertKept() {
    for (String id : ids) {
      Task task = client.await(id, PATIENCE);
      assertThat(task.getState()).as(id).isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
      assertThat(task.getResult().getStdout().toStringUtf8())
          .isEqualTo("attempt " + task.getAttempt() + "\n" + lines("line ", LINES));
    }
    assertThat(client.await(chatty, PATIENCE).getState()).isEqualTo(TaskState.TASK_STATE_SUCCEEDED);
    List<String> printed = printed(chatty);
    assertThat(printed.removeLast()).isEqualTo(lines("", chattyLines));
    // What an attempt printed that was lost on the way is in its order, too, as far as it goes.
    assertThat(printed).allMatch(lines("", chattyLines)::startsWith);
    assertThat(new HistoryChecker().violations(log.entries(), Submitter.histories(client, log)))
        .isEmpty();
  }

  /** What each attempt printed, as far as anything came. */
  private List<String> printed(String id) {
    List<String> attempts = new ArrayList<>(List.of(""));
    mesh.weft("logs", "-o", "json", id)
        .expectSuccess()
        .stdout()
        .lines()
        .map(FarLoad::json)
        .forEach(
            line -> {
              if (line.has("attempt") && !attempts.getLast().isEmpty()) {
                attempts.add("");
              } else if (line.has("data")) {
                attempts.addLast(attempts.removeLast() + text(line));
              }
            });
    return attempts;
  }

  private static String text(JsonNode line) {
    try {
      return new String(line.get("data").binaryValue(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode json(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String lines(String before, int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(i -> before + i + "\n")
        .collect(Collectors.joining());
  }

  private String submit(String script) {
    long number = log.invoke("submit");
    String id = client.submit(spec(worker, script)).getId();
    log.ok(number, id);
    return id;
  }

  /** A command of which a worker can run {@link #AT_ONCE}. */
  static TaskSpec spec(String worker, String script) {
    return MeshClient.shellOn(worker, "sh", "-c", script).toBuilder()
        .setResources(
            Resources.newBuilder().setCpuMilli(50).setMemoryBytes(16 << 20).setDiskBytes(1 << 20))
        .build();
  }
}
