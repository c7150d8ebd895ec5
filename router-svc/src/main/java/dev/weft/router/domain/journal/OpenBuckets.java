package dev.weft.router.domain.journal;

import java.util.List;

/**
 * Where open tasks are to be looked for after a takeover: every minute of ids in {@code minutes},
 * and every minute from {@code readFrom} on.
 */
public record OpenBuckets(List<Long> minutes, long readFrom) {

  public OpenBuckets {
    minutes = List.copyOf(minutes);
  }
}
