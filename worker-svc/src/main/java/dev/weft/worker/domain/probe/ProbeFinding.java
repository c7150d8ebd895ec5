package dev.weft.worker.domain.probe;

/**
 * One thing that was asked.
 *
 * @param shared it is a service that all workers ask, so its fault need not be this worker's
 * @param fault in one short line; empty if it is well
 */
public record ProbeFinding(String subject, boolean shared, String fault) {

  private static final int LONGEST_FAULT = 200;

  public ProbeFinding {
    fault = line(fault);
  }

  /** Something of this worker's own. */
  public static ProbeFinding own(String subject, String fault) {
    return new ProbeFinding(subject, false, fault);
  }

  /** A service of the mesh. */
  public static ProbeFinding ofService(String service, String fault) {
    return new ProbeFinding(service, true, fault);
  }

  public boolean well() {
    return fault.isEmpty();
  }

  /** What programs say may be long, of many lines, and anything but text. */
  private static String line(String text) {
    String plain = text.replaceAll("[\\p{Cntrl}\\u0080-\\u009f]+", " ").strip();
    if (plain.isEmpty() && !text.isEmpty()) {
      return "not said";
    }
    return plain.substring(0, Math.min(plain.length(), LONGEST_FAULT));
  }
}
