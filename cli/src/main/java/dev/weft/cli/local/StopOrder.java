package dev.weft.cli.local;

import java.time.Duration;
import java.util.List;

/** Who ends before whom: first those who need others. */
final class StopOrder {
  /** Services stop in order within this time; then they are killed. */
  static final Duration GRACE = Duration.ofSeconds(20);

  /** For one that also writes its {@link ClassArchive}. */
  static final Duration WRITING_GRACE = Duration.ofSeconds(50);

  private static final List<List<String>> ROLES =
      List.of(
          List.of("worker"),
          List.of("gateway"),
          List.of("router", "registry"),
          List.of("consul", "redis", "postgres"));

  private StopOrder() {}

  static List<List<RunFile>> stages(List<RunFile> all) {
    return ROLES.stream()
        .map(roles -> all.stream().filter(file -> roles.contains(file.role())).toList())
        .toList();
  }
}
