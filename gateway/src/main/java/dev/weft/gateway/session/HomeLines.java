package dev.weft.gateway.session;

/** Makes lines to homes. */
public interface HomeLines {

  /**
   * A line that is to be started.
   *
   * @param address of the home's gateway, host:port
   */
  HomeLine to(String address, HomeLine.Listener listener);
}
