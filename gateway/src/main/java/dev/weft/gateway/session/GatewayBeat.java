package dev.weft.gateway.session;

import dev.weft.gateway.app.Later;
import dev.weft.proto.internal.agent.v1.IdleAgent;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Tells the placer once a second that this gateway lives, so that it keeps its homes, and which of
 * their agents are idle.
 */
public final class GatewayBeat {

  private static final Logger LOG = Logger.getLogger(GatewayBeat.class);
  private static final Duration PERIOD = Duration.ofSeconds(1);

  private final AgentCell cell;
  private final Supplier<String> address;
  private final Supplier<List<IdleAgent>> idle;
  private final Later later;
  private volatile boolean running;
  private boolean heard = true;

  /**
   * @param address this gateway's mesh address
   */
  public GatewayBeat(
      AgentCell cell, Supplier<String> address, Supplier<List<IdleAgent>> idle, Later later) {
    this.cell = cell;
    this.address = address;
    this.idle = idle;
    this.later = later;
  }

  public void start() {
    running = true;
    beat();
  }

  public void stop() {
    running = false;
  }

  private void beat() {
    if (!running) {
      return;
    }
    // First: whatever comes of this beat, there is a next one.
    later.run(PERIOD, this::beat);
    cell.beat(address.get(), idle.get())
        .whenComplete(
            (_, failure) -> {
              note(failure == null, String.valueOf(failure));
            });
  }

  private synchronized void note(boolean ok, String error) {
    if (ok != heard) {
      heard = ok;
      if (ok) {
        LOG.info("the placer hears this gateway again");
      } else {
        LOG.warnf("the placer does not hear this gateway, agents may move: error=%s", error);
      }
    }
  }
}
