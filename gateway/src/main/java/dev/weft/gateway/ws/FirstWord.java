package dev.weft.gateway.ws;

/** Who waits for a home's first word before the upgrade. */
public interface FirstWord {

  /** The home takes the client. */
  void welcome();

  void refused(RuntimeException why);
}
