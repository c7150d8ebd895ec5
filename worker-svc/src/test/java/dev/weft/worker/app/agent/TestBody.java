package dev.weft.worker.app.agent;

import dev.weft.platform.time.Ticker;
import dev.weft.worker.domain.AttemptKey;
import dev.weft.worker.domain.agent.FrameOutbox;
import dev.weft.worker.domain.agent.HomeOrders;
import dev.weft.worker.domain.agent.SessionEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A body that keeps what it is told and says what the test says. */
public final class TestBody implements AgentHomes.Body {

  private final FrameStore frames =
      new FrameStore(
          new FrameOutbox(FrameOutbox.BOUND_BYTES), InstantSource.system(), Ticker.system());
  private final List<HomeOrders> orders = new CopyOnWriteArrayList<>();
  private volatile Optional<Instant> movesAt = Optional.empty();
  private volatile Duration idleFor = Duration.ZERO;

  @Override
  public String agentId() {
    return "agt_test";
  }

  @Override
  public int number() {
    return 3;
  }

  @Override
  public AttemptKey lease() {
    return new AttemptKey("tsk_test", 1, 7);
  }

  @Override
  public FrameStore frames() {
    return frames;
  }

  @Override
  public Optional<Instant> movesAt() {
    return movesAt;
  }

  @Override
  public Duration idleFor() {
    return idleFor;
  }

  /** Nothing has counted for so long. */
  public void idles(Duration since) {
    idleFor = since;
  }

  /** It is to leave its worker. */
  public void leaves(Instant until) {
    movesAt = Optional.of(until);
  }

  @Override
  public void obey(HomeOrders fresh) {
    orders.add(fresh);
  }

  public List<HomeOrders> orders() {
    return orders;
  }

  /** Whether the home has all that was written. */
  public boolean allAcknowledged() {
    try {
      return frames.awaitAcknowledged(Duration.ZERO);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  public void write(String text) {
    try {
      frames.put(
          new SessionEvent.TerminalOutput(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
