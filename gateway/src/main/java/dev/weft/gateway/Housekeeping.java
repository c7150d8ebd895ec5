package dev.weft.gateway;

import dev.weft.gateway.app.Later;
import dev.weft.gateway.store.Retention;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import org.jboss.logging.Logger;

/** Drops what is past its retention, now and then. */
@Singleton
class Housekeeping {

  private static final Logger LOG = Logger.getLogger(Housekeeping.class);
  private static final Duration PERIOD = Duration.ofHours(6);
  private static final Duration TICKETS = Duration.ofMinutes(5);

  private final GatewayConfig config;
  private final Retention retention;
  private final InstantSource clock;
  private final Later later;
  private volatile boolean running;

  Housekeeping(GatewayConfig config, Retention retention, InstantSource clock, Later later) {
    this.config = config;
    this.retention = retention;
    this.clock = clock;
    this.later = later;
  }

  void start() {
    running = true;
    later.run(PERIOD, this::run);
    later.run(TICKETS, this::sweep);
  }

  void stop() {
    running = false;
  }

  private void run() {
    if (!running) {
      return;
    }
    retention
        .dropBefore(clock.instant().minus(config.auditRetention()))
        .whenComplete(
            (dropped, failure) -> {
              if (failure == null) {
                LOG.infof("dropped what is past its retention: count=%d", dropped);
              } else {
                LOG.warnf(
                    "could not drop what is past its retention, trying again later: error=%s",
                    failure);
              }
            });
    later.run(PERIOD, this::run);
  }

  /** Tickets that nobody used: they are worth nothing, and many are made. */
  private void sweep() {
    if (!running) {
      return;
    }
    retention
        .dropTickets(clock.instant())
        .whenComplete(
            (_, failure) -> {
              if (failure != null) {
                LOG.warnf("could not drop old tickets, trying again later: error=%s", failure);
              }
            });
    later.run(TICKETS, this::sweep);
  }
}
