package dev.weft.registry.app;

import dev.weft.platform.error.Reason;
import io.grpc.Status.Code;

/** Why the registry refuses. */
public enum RegistryReason implements Reason {
  /** No worker has this id or name; metadata: worker_id. */
  WORKER_NOT_FOUND(Code.NOT_FOUND),
  /** Another connected worker bears the name; metadata: name. */
  WORKER_NAME_TAKEN(Code.ALREADY_EXISTS),
  /**
   * A newer incarnation or a newer stream of the worker took over: end, do not come back as this
   * incarnation.
   */
  SUPERSEDED(Code.FAILED_PRECONDITION),
  /** The first message of the stream was no hello. */
  HELLO_MISSING(Code.FAILED_PRECONDITION),
  /** The registry knows as many workers as it may; metadata: most. */
  FLEET_FULL(Code.RESOURCE_EXHAUSTED),
  /**
   * What changed after the revision is no longer known: start anew; metadata: after_revision,
   * epoch.
   */
  CURSOR_TOO_OLD(Code.OUT_OF_RANGE),
  /** The watcher did not read: start anew. */
  SLOW_CONSUMER(Code.RESOURCE_EXHAUSTED),
  /** As many watches are open as may be; metadata: most. */
  TOO_MANY_WATCHERS(Code.RESOURCE_EXHAUSTED);

  private final Code code;

  RegistryReason(Code code) {
    this.code = code;
  }

  @Override
  public Code code() {
    return code;
  }
}
