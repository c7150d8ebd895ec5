package dev.weft.registry.domain.fleet;

import java.util.Comparator;

/**
 * The place of a worker in the listing by name. Offline workers may share a name, so the id decides
 * between them.
 */
public record NameKey(String name, String id) implements Comparable<NameKey> {

  private static final Comparator<NameKey> ORDER =
      Comparator.comparing(NameKey::name).thenComparing(NameKey::id);

  /** Before every worker. */
  public static final NameKey START = new NameKey("", "");

  public static NameKey of(WorkerView view) {
    return new NameKey(view.name(), view.id().text());
  }

  @Override
  public int compareTo(NameKey other) {
    return ORDER.compare(this, other);
  }
}
