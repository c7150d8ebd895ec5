package dev.weft.router.domain.task;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Hashes that are the same in every process and build: rows were chosen by them, and a takeover
 * must find what it finds today.
 */
public final class Hash64 {

  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private Hash64() {}

  /** Of a tenant's own name for something: FNV-1a over both, kept apart. */
  public static long of(String tenant, String name) {
    return fold(fold(FNV_OFFSET, tenant) * FNV_PRIME, name);
  }

  private static long fold(long hash, String text) {
    long folded = hash;
    for (byte one : text.getBytes(UTF_8)) {
      folded = (folded ^ (one & 0xff)) * FNV_PRIME;
    }
    return folded;
  }

  /** SplitMix64's finisher: every bit of the answer hangs on every bit of the value. */
  public static long mix(long value) {
    long mixed = value + 0x9e3779b97f4a7c15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
