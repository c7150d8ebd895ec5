package dev.weft.gateway.domain;

import java.time.Instant;

/**
 * A secret as it is kept.
 *
 * @param version grows with every value, also over a deletion
 * @param sealed opens only in its context
 */
public record SealedSecret(
    String tenant,
    String name,
    long version,
    Sealed sealed,
    Instant createTime,
    Instant updateTime) {

  /** What the sealed value is bound to: it opens nowhere else. */
  public static String context(String tenant, String name, long version) {
    return "secret/" + tenant + "/" + name + "/" + version;
  }

  public String context() {
    return context(tenant, name, version);
  }
}
