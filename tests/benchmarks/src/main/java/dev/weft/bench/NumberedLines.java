package dev.weft.bench;

/**
 * Lines of 64 bytes that say their own number, from 0 and again after {@link #CYCLE} of them: what
 * is missing, doubled or out of order is seen at the first byte of it. One reader's place in them;
 * not safe for threads.
 */
final class NumberedLines {

  static final int LINE = 64;

  /** So many are a file of 16 MiB, which can be written again and again. */
  static final int CYCLE = 1 << 18;

  private static final int DIGITS = 8;
  private static final String REST = " 0123456789".repeat(5);

  /** Writes so many lines to the standard output. */
  private static final String PERL =
      "my $rest = \" 0123456789\" x 5; sub lines { my ($from, $count) = @_;"
          + " join \"\", map { sprintf \"%08d%s\\n\", $_ % 262144, $rest } $from .. $from + $count - 1 }";

  private final byte[] line = new byte[LINE];
  private long bytes;
  private long lost;
  private boolean torn;

  NumberedLines() {
    for (int i = 0; i < REST.length(); i++) {
      line[DIGITS + i] = (byte) REST.charAt(i);
    }
    line[LINE - 1] = '\n';
    number();
  }

  /**
   * A script that writes all that it can.
   *
   * @param cycles how often the whole file is written
   */
  static String flood(int cycles) {
    return "perl -e '%s; print lines($_ * 1024, 1024) for 0 .. 255' > /tmp/lines && for i in $(seq %d); do cat /tmp/lines; done"
        .formatted(PERL, cycles);
  }

  /**
   * A script that writes at a fixed rate, by the clock: what was late is caught up with.
   *
   * @param lines a tenth of a second's
   */
  static String paced(int lines, int seconds) {
    return ("perl -MTime::HiRes=time,sleep -e '$| = 1; %s; my $begun = time; for my $i (0 .. %d)"
            + " { my $wait = $begun + $i / 10 - time; sleep $wait if $wait > 0;"
            + " print lines($i * %d, %d) }'")
        .formatted(PERL, seconds * 10 - 1, lines, lines);
  }

  /**
   * The next bytes have come.
   *
   * @throws BenchFailure if they are not what was written at their place
   */
  void take(byte[] piece) {
    for (int at = torn ? resume(piece) : 0; at < piece.length; at++) {
      byte one = piece[at];
      int column = (int) (bytes % LINE);
      if (one != line[column]) {
        throw new BenchFailure(
            "output: byte %d of line %d is %d (expected: %d)"
                .formatted(column, bytes / LINE, one, line[column]));
      }
      bytes++;
      if (column == LINE - 1) {
        number();
      }
    }
  }

  /** Bytes that were as they were written. */
  long came() {
    return bytes - lost;
  }

  /** What did not come. */
  long lost() {
    return lost;
  }

  /** Nothing more comes of so many bytes. */
  void end(long written) {
    if (written < bytes) {
      throw new BenchFailure("output: " + bytes + " bytes (expected: " + written + ")");
    }
    lost += written - bytes;
    bytes = written;
  }

  /** Something is missing before the next piece, which begins in the middle of a line. */
  void gap() {
    torn = true;
  }

  /** Answers where the piece's first whole line begins, having gone on to that line. */
  private int resume(byte[] piece) {
    int at = 0;
    while (at < piece.length && piece[at] != '\n') {
      at++;
    }
    if (at + 1 + DIGITS > piece.length) {
      lost += piece.length;
      bytes += piece.length;
      return piece.length;
    }
    torn = false;
    int its = 0;
    for (int i = at + 1; i <= at + DIGITS; i++) {
      its = its * 10 + piece[i] - '0';
    }
    long passed = (bytes + LINE - 1) / LINE;
    long skipped = Math.floorMod(its - passed, (long) CYCLE);
    long resumed = (passed + skipped) * LINE;
    lost += resumed - bytes;
    bytes = resumed;
    number();
    return at + 1;
  }

  private void number() {
    int rest = (int) (bytes / LINE % CYCLE);
    for (int i = DIGITS - 1; i >= 0; i--) {
      line[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }
}
