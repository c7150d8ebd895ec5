package dev.weft.worker.grpc;

import dev.weft.platform.error.StatusMapper;
import dev.weft.platform.grpc.ServingCheck;
import dev.weft.worker.app.probe.SharedService;
import dev.weft.worker.grpc.ReplicaLines.Line;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Optional;

/**
 * A service of the mesh, asked over the very channels that attempts call it by: one replica after
 * the other, as those do, until one says that it serves.
 */
final class ReplicatedService implements SharedService {

  private static final int TRIES = 3;

  private final String name;
  private final ReplicaLines lines;
  private final Runnable askAgain;

  /**
   * @param askAgain the known addresses don't answer; must not block
   */
  ReplicatedService(String name, ReplicaLines lines, Runnable askAgain) {
    this.name = name;
    this.lines = lines;
    this.askAgain = askAgain;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean known() {
    return lines.anyKnown();
  }

  @Override
  public Optional<String> fault(Duration atMost) {
    String fault = "no address is known";
    for (int tried = 0; tried < TRIES; tried++) {
      Optional<Line> line = lines.current();
      if (line.isEmpty()) {
        break;
      }
      try {
        ServingCheck.require(line.get().channel(), atMost.dividedBy(TRIES));
        return Optional.empty();
      } catch (StatusRuntimeException e) {
        fault = StatusMapper.fromStatus(e).message();
        lines.leave(line.get());
      }
    }
    askAgain.run();
    return Optional.of(fault.isEmpty() ? "does not answer" : fault);
  }
}
