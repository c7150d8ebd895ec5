package dev.weft.gateway.app;

import java.time.Duration;

/** Runs something after a while. */
@FunctionalInterface
public interface Later {

  void run(Duration delay, Runnable task);
}
