package dev.weft.router.app;

/** Why the journal did not write. */
public abstract sealed class JournalException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private JournalException(String message, Throwable cause) {
    super(message, cause);
  }

  private JournalException(String message) {
    super(message);
  }

  /** Another replica holds the cell; whatever this one remembers is void. */
  public static final class EpochLost extends JournalException {
    private static final long serialVersionUID = 1L;

    public EpochLost(String message) {
      super(message);
    }
  }

  /** The database does not answer; the outcome of the call is unknown. */
  public static final class Unavailable extends JournalException {
    private static final long serialVersionUID = 1L;

    public Unavailable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** What the placer remembers is not what is stored; it must load anew. */
  public static final class Mismatch extends JournalException {
    private static final long serialVersionUID = 1L;

    public Mismatch(String message) {
      super(message);
    }
  }
}
