package dev.weft.router.domain.task;

/**
 * Tasks of one tenant with one key prefer one worker. A key is kept as one of 65,535 numbers, two
 * bytes of its task's row and of its entry in memory: that is fine enough to spread over ten
 * thousand workers, and keys that share a number merely prefer the same worker.
 *
 * @param code 0 when the task has no key
 */
public record Affinity(int code) {

  public static final int BITS = 16;
  public static final int MOST_KEY_CHARACTERS = 128;
  public static final Affinity NONE = new Affinity(0);

  private static final int CODES = (1 << BITS) - 1;

  public Affinity {
    if (code < 0 || code > CODES) {
      throw new IllegalArgumentException("affinity: " + code + " (expected: 0.." + CODES + ")");
    }
  }

  /** The same in every process and build: a takeover must not move work to other workers. */
  public static Affinity of(String tenant, String key) {
    return key.isEmpty() ? NONE : new Affinity(code(tenant, key));
  }

  /** Where a tenant's work without a key belongs, for what spreads by key. */
  public static int code(String tenant, String key) {
    long hash = Hash64.of(tenant, key);
    hash = (hash ^ (hash >>> 32)) * 0xd6e8feb86659fd93L;
    return 1 + (int) ((hash >>> 33) % CODES);
  }
}
