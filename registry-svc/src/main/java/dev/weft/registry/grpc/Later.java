package dev.weft.registry.grpc;

import java.time.Duration;

/** Runs a short action after a while, on a thread of its own; drops it when the process ends. */
@FunctionalInterface
public interface Later {

  void run(Runnable action, Duration delay);
}
