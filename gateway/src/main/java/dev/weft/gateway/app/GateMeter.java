package dev.weft.gateway.app;

/** Is told what happens at a gate; answers nothing and never fails. */
public interface GateMeter {

  /**
   * Tasks, or wishes, were refused.
   *
   * @param local by this gateway's own part of the rate
   */
  void throttled(long tasks, boolean local);

  /** The shared bucket was asked, and answered. */
  void asked(Answer answer);

  /** It did not answer, or too late. */
  void lost(String error);

  /** How the shared bucket answered. */
  enum Answer {
    /** With all that was asked for. */
    GRANTED,
    /** With less, since it is empty. */
    DRY,
    /** That it gives nothing yet. */
    CLOSED
  }
}
