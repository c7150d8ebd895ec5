package dev.weft.parts.junit;

import dev.weft.parts.DatabaseAccess;
import dev.weft.parts.PostgresProcess;

/** A database of its own inside the throw-away server. */
public final class ScratchDatabase implements AutoCloseable {
  private final ThrowAwayPostgres server;
  private final String name;

  ScratchDatabase(ThrowAwayPostgres server, String name) {
    this.server = server;
    this.name = name;
  }

  public String name() {
    return name;
  }

  /** As the superuser. */
  public DatabaseAccess superuser() {
    DatabaseAccess access = server.process().superuser();
    return new DatabaseAccess(access.host(), access.port(), name, access.user(), access.password());
  }

  /** As role {@code weft_<service>}, which owns schema {@code <service>} and nothing else. */
  public DatabaseAccess service(String service) {
    return server.service(name, service);
  }

  /** The server that it lives in. */
  public PostgresProcess server() {
    return server.process();
  }

  @Override
  public void close() {
    server.process().admin().dropDatabase(name);
  }
}
