package dev.weft.worker.app.agent;

import dev.weft.worker.domain.AttemptKey;
import dev.weft.worker.domain.agent.HomeOrders;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Where bodies' frames go and their orders come from. */
@FunctionalInterface
public interface AgentHomes {

  /** Begins to look for the body's home and keeps a stream to it until the answer is closed. */
  Connection connect(Body body);

  /** A body, as its home sees it. Nothing here blocks. */
  interface Body {

    String agentId();

    int number();

    AttemptKey lease();

    FrameStore frames();

    /** Until when what runs may end, if the body is to leave its worker. */
    Optional<Instant> movesAt();

    /** How long nothing has counted as activity, as it was a moment ago. */
    Duration idleFor();

    void obey(HomeOrders orders);
  }

  /** What keeps the stream. */
  interface Connection extends AutoCloseable {

    /** All that the body began has ended and was told: its stream may end well. */
    void goodbye();

    /** Ends the stream; without a goodbye the home sees it broken off. */
    @Override
    void close();
  }
}
