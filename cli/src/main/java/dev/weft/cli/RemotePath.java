package dev.weft.cli;

import java.util.Optional;

/**
 * A path in an agent's workspace, as it is typed: {@code AGENT:PATH}.
 *
 * @param path relative to the workspace; empty is the workspace itself
 */
record RemotePath(String agent, String path) {

  /** Empty if it is a local one: without a colon, or with a slash before it. */
  static Optional<RemotePath> of(String typed) {
    int colon = typed.indexOf(':');
    if (colon <= 0 || typed.substring(0, colon).indexOf('/') >= 0) {
      return Optional.empty();
    }
    return Optional.of(new RemotePath(typed.substring(0, colon), typed.substring(colon + 1)));
  }

  /** The same, as a directory to put something into. */
  RemotePath asDirectory() {
    return path.isEmpty() || path.endsWith("/") ? this : new RemotePath(agent, path + "/");
  }

  @Override
  public String toString() {
    return agent + ":" + path;
  }
}
