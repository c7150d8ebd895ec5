package dev.weft.gateway.session;

import dev.weft.platform.time.Ticker;
import java.util.concurrent.Executor;

/** Lines to the homes in this process by method calls, to all others over the network. */
public final class NearHomes {

  private final SessionHub hub;
  private final Ticker ticker;
  private final HomeLines far;

  public NearHomes(SessionHub hub, Ticker ticker, HomeLines far) {
    this.hub = hub;
    this.ticker = ticker;
    this.far = far;
  }

  /**
   * The lines of one client.
   *
   * @param turn runs a task on the client's thread, after what it does now; never at once
   */
  public HomeLines of(Executor turn) {
    return (address, listener) ->
        hub.isAt(address)
            ? new LocalHomeLine(hub, ticker, turn, listener)
            : far.to(address, listener);
  }
}
