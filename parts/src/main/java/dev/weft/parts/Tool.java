package dev.weft.parts;

/** A program that the mesh needs on this machine but doesn't carry. */
public enum Tool {
  POSTGRES("PostgreSQL", "postgres", "initdb", "postgresql"),
  REDIS("Redis", "redis-server", "", "redis-server"),
  CONSUL("Consul", "consul", "", "consul"),
  BUBBLEWRAP("bubblewrap", "bwrap", "", "bubblewrap");

  private final String title;
  private final String program;
  private final String companion;
  private final String packageName;

  Tool(String title, String program, String companion, String packageName) {
    this.title = title;
    this.program = program;
    this.companion = companion;
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

  /** An executable that must lie beside it; empty means none. */
  String companion() {
    return companion;
  }

  /** What Debian and most others call the package. */
  public String packageName() {
    return packageName;
  }
}
