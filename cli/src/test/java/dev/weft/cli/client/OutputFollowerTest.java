package dev.weft.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.weft.cli.FakeArtifacts;
import dev.weft.cli.FakeGateway;
import dev.weft.cli.FakeOutput;
import dev.weft.proto.artifacts.v1.OutputGap;
import dev.weft.proto.artifacts.v1.ReadOutputResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFollowerTest {
  private static final Pace QUICK =
      new Pace(Duration.ofMillis(500), Duration.ofMillis(10), Duration.ofSeconds(5));

  @TempDir Path home;
  private FakeArtifacts mesh;
  private final Seen seen = new Seen();

  /** Writes down what it is given. */
  private static final class Seen implements OutputSink {
    private final List<String> steps = new ArrayList<>();

    @Override
    public void write(boolean stderr, ByteString data) {
      steps.add((stderr ? "err:" : "out:") + data.toStringUtf8());
    }

    @Override
    public void attempt(int number) {
      steps.add("attempt " + number);
    }

    @Override
    public void gap(OutputGap gap) {
      steps.add("gap " + gap.getFromNumber() + "-" + gap.getToNumber());
    }
  }

  @BeforeEach
  void start() {
    mesh = new FakeArtifacts(home);
  }

  @AfterEach
  void stop() {
    mesh.close();
  }

  @Test
  void eachByteOnceOverManyBreaks() {
    mesh.output()
        .connections(
            List.of(chunk(1, 1, false, "a"), chunk(1, 2, true, "b")),
            List.of(chunk(1, 2, true, "b"), chunk(1, 3, false, "c")),
            List.of(),
            List.of(chunk(1, 4, false, "d")));

    read(mesh.url());

    assertThat(seen.steps).containsExactly("out:a", "err:b", "out:c", "out:d");
    assertThat(mesh.output().cursors()).containsExactly("", "1.2", "1.3", "1.3");
  }

  @Test
  void nextAttemptIsSaidAndTheOldOneDoesNotComeBack() {
    mesh.output()
        .connections(
            List.of(chunk(1, 1, false, "one"), chunk(2, 1, false, "two")),
            List.of(chunk(1, 2, false, "late"), chunk(2, 2, false, "more")));

    read(mesh.url());

    assertThat(seen.steps).containsExactly("out:one", "attempt 2", "out:two", "out:more");
  }

  @Test
  void gapIsSaidOnce() {
    ReadOutputResponse gap =
        ReadOutputResponse.newBuilder()
            .setCursor("g")
            .setGap(OutputGap.newBuilder().setAttempt(1).setFromNumber(2).setToNumber(5))
            .build();
    mesh.output()
        .connections(List.of(chunk(1, 1, false, "a"), gap), List.of(gap, chunk(1, 6, false, "b")));

    read(mesh.url());

    assertThat(seen.steps).containsExactly("out:a", "gap 2-5", "out:b");
  }

  @Test
  void nextGatewayTakesOver() {
    mesh.output().connections(List.of(chunk(1, 1, false, "a")));

    read("http://127.0.0.1:1," + mesh.url());

    assertThat(seen.steps).containsExactly("out:a");
  }

  @Test
  void withoutAnyGatewayItGivesUpAndNamesThem() {
    assertThatThrownBy(() -> read("http://127.0.0.1:1"))
        .isInstanceOf(UnreachableException.class)
        .hasMessageContaining("http://127.0.0.1:1");
  }

  @Test
  void wrongTokenIsNotRetried() {
    try (RpcDoor door =
        new RpcDoor(Endpoints.parse(mesh.url()), "wft_wrong", Trace.from(""), QUICK)) {
      assertThatThrownBy(() -> new OutputFollower(door, FakeGateway.TASK, seen).read(true))
          .isInstanceOf(ApiException.class)
          .extracting(e -> ((ApiException) e).status())
          .isEqualTo(401);
    }
    assertThat(mesh.calls()).hasSize(1);
  }

  private void read(String url) {
    try (RpcDoor door =
        new RpcDoor(Endpoints.parse(url), FakeGateway.TOKEN, Trace.from(""), QUICK)) {
      new OutputFollower(door, FakeGateway.TASK, seen).read(true);
    }
  }

  private static ReadOutputResponse chunk(int attempt, int number, boolean stderr, String text) {
    ReadOutputResponse.Builder step = FakeOutput.chunk(number, stderr, text).toBuilder();
    step.setCursor(attempt + "." + number).getChunkBuilder().setAttempt(attempt);
    return step.build();
  }
}
