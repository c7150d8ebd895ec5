package dev.weft.gateway.forward;

/** A stream that is being followed. */
public interface OpenStream {

  /** Asks for one more item. */
  void request();

  /** Ends it; nothing comes after. */
  void cancel();
}
