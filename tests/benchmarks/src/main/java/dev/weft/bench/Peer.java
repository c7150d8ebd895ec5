package dev.weft.bench;

import java.util.Arrays;

/** A job queue that Weft is measured against, with its settings. */
enum Peer {
  BULLMQ_EVERYSEC("bullmq-everysec", Kind.NODE, "tuned", "AOF flushed every second"),
  BULLMQ_ALWAYS("bullmq-always", Kind.NODE, "tuned", "AOF flushed before each answer"),
  BULLMQ_DOCUMENTED("bullmq-documented", Kind.NODE, "documented", "AOF flushed every second"),
  CELERY_REDIS("celery-redis", Kind.PYTHON, "tuned", "AOF flushed every second, acks late"),
  CELERY_DOCUMENTED("celery-documented", Kind.PYTHON, "documented", "AOF flushed every second"),
  CELERY_RABBITMQ(
      "celery-rabbitmq",
      Kind.PYTHON,
      "tuned",
      "persistent messages without publisher confirms, acks late"),
  GRAPHILE("graphile", Kind.NODE, "tuned", "PostgreSQL, every commit flushed"),
  GRAPHILE_DOCUMENTED(
      "graphile-documented", Kind.NODE, "documented", "PostgreSQL, every commit flushed");

  /** What it is installed with. */
  enum Kind {
    NODE,
    PYTHON
  }

  private final String label;
  private final Kind kind;
  private final String settings;
  private final String durability;

  Peer(String label, Kind kind, String settings, String durability) {
    this.label = label;
    this.kind = kind;
    this.settings = settings;
    this.durability = durability;
  }

  static Peer of(String label) {
    return Arrays.stream(values())
        .filter(one -> one.label.equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new BenchFailure(
                    "peer: %s (expected: one of %s)"
                        .formatted(label, Arrays.stream(values()).map(one -> one.label).toList())));
  }

  String label() {
    return label;
  }

  Kind kind() {
    return kind;
  }

  String settings() {
    return settings;
  }

  /** What an accepted job survives. */
  String durability() {
    return durability;
  }

  boolean isBullmq() {
    return label.startsWith("bullmq");
  }
}
