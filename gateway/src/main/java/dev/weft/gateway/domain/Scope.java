package dev.weft.gateway.domain;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a token lets its bearer do. Scopes do not imply each other. */
public enum Scope {
  TASKS_READ("tasks.read"),
  TASKS_WRITE("tasks.write"),
  ARTIFACTS_READ("artifacts.read"),
  ARTIFACTS_WRITE("artifacts.write"),
  AGENTS_READ("agents.read"),
  AGENTS_WRITE("agents.write"),
  WORKERS_READ("workers.read"),
  METRICS_READ("metrics.read"),
  /** The tenant's own tokens. */
  ADMIN("admin"),
  /** What all tenants share: which machines are workers, which of them work, and how many. */
  MESH_ADMIN("mesh.admin");

  private final String text;

  Scope(String text) {
    this.text = text;
  }

  /** The word that users write. */
  public String text() {
    return text;
  }

  public static Optional<Scope> of(String text) {
    return Arrays.stream(values()).filter(scope -> scope.text.equals(text)).findFirst();
  }

  /** Every word, for messages. */
  public static String words() {
    return Arrays.stream(values()).map(Scope::text).collect(Collectors.joining(", "));
  }
}
