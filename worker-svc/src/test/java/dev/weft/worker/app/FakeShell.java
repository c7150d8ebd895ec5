package dev.weft.worker.app;

import dev.weft.worker.domain.Assignment;
import dev.weft.worker.domain.AttemptKey;
import dev.weft.worker.domain.AttemptResult;
import dev.weft.worker.domain.AttemptResult.Report;
import dev.weft.worker.domain.CapturedOutput;
import dev.weft.worker.domain.EndReason;
import dev.weft.worker.domain.Failure;
import dev.weft.worker.domain.FailureReason;
import dev.weft.worker.domain.ModelTokens;
import dev.weft.worker.domain.TokenUse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Commands that run until the test says how they end. */
final class FakeShell implements Executor {

  private static final Report SECOND =
      new Report(0, CapturedOutput.EMPTY, Duration.ofSeconds(1), Duration.ZERO, 0);

  private final Map<AttemptKey, Listener> running = new LinkedHashMap<>();
  private final Map<AttemptKey, EndReason> ended = new HashMap<>();
  private final List<Duration> drains = new ArrayList<>();
  private int starts;
  private int endCalls;

  @Override
  public String kind() {
    return "shell";
  }

  @Override
  public Execution start(Assignment assignment, Listener listener) {
    starts++;
    AttemptKey key = assignment.key();
    running.put(key, listener);
    listener.started(key);
    return new Execution() {
      @Override
      public void end(EndReason reason) {
        endCalls++;
        ended.putIfAbsent(key, reason);
      }

      @Override
      public void drain(Duration grace) {
        drains.add(grace);
      }
    };
  }

  void succeed(AttemptKey key) {
    end(AttemptResult.succeeded(key, SECOND));
  }

  void succeedWithOutput(AttemptKey key, int bytes) {
    CapturedOutput output =
        new CapturedOutput(new byte[bytes], new byte[bytes], new byte[0], false, false, bytes);
    end(
        AttemptResult.succeeded(
            key, new Report(0, output, Duration.ofSeconds(1), Duration.ZERO, 0)));
  }

  void fail(AttemptKey key) {
    end(AttemptResult.failed(key, new Failure(FailureReason.EXIT_NONZERO, "1"), SECOND));
  }

  void breakDown(AttemptKey key) {
    end(AttemptResult.failed(key, new Failure(FailureReason.SANDBOX_FAILED, "x"), SECOND));
  }

  void obeyEnd(AttemptKey key) {
    end(AttemptResult.failed(key, Objects.requireNonNull(ended.get(key)).failure(), Report.EMPTY));
  }

  void use(AttemptKey key, ModelTokens... models) {
    Objects.requireNonNull(running.get(key)).used(key, new TokenUse(List.of(models), 0));
  }

  private void end(AttemptResult result) {
    Objects.requireNonNull(running.remove(result.key())).ended(result);
  }

  Set<AttemptKey> running() {
    return running.keySet();
  }

  List<Duration> drains() {
    return drains;
  }

  Map<AttemptKey, EndReason> ended() {
    return ended;
  }

  int starts() {
    return starts;
  }

  int endCalls() {
    return endCalls;
  }
}
