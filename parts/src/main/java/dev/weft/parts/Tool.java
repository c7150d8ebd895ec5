package dev.weft.parts;

import java.util.List;

/** A program that the mesh needs on this machine but doesn't carry. */
public enum Tool {
  POSTGRES("PostgreSQL", "postgres", List.of("initdb"), "postgresql"),
  REDIS("Redis", "redis-server", List.of(), "redis-server"),
  CONSUL("Consul", "consul", List.of(), "consul"),
  BUBBLEWRAP("bubblewrap", "bwrap", List.of(), "bubblewrap");

  private final String title;
  private final String program;
  private final List<String> companions;
  private final String packageName;

  Tool(String title, String program, List<String> companions, String packageName) {
    this.title = title;
    this.program = program;
    this.companions = companions;
    this.packageName = packageName;
  }

  /** Its name for people. */
  public String title() {
    return title;
  }

  /** The executable's file name. */
  public String program() {
    return program;
  }

  /** Executables that must lie beside it. */
  List<String> companions() {
    return companions;
  }

  /** What Debian and most others call the package. */
  public String packageName() {
    return packageName;
  }
}
