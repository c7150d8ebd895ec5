package dev.weft.router.app.agent;

import dev.weft.platform.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * When each gateway was last heard by this holder. Nothing of it is stored; under a new epoch what
 * was heard before says nothing. Thread-safe.
 */
public final class GatewayBeats {

  /** So long a silent gateway keeps its homes; also one that this holder has not heard yet. */
  public static final Duration SILENCE = Duration.ofSeconds(5);

  /** More gateways than a mesh has. */
  private static final int MOST = 1_000;

  private final Ticker ticker;
  private final Map<String, Long> heard = new HashMap<>();
  private long epoch = -1;
  private long heldSince;

  public GatewayBeats(Ticker ticker) {
    this.ticker = ticker;
  }

  public synchronized void heard(String address, long now) {
    begin(now);
    if (heard.size() >= MOST) {
      heard.keySet().retainAll(beating(now));
    }
    if (heard.size() < MOST || heard.containsKey(address)) {
      heard.put(address, ticker.nanos());
    }
  }

  /** Whether a gateway keeps the homes that it has. */
  public synchronized boolean keeps(String address, long now) {
    begin(now);
    return ticker.nanos() - heard.getOrDefault(address, heldSince) < SILENCE.toNanos();
  }

  /** Those that were heard lately. */
  public synchronized List<String> beating(long now) {
    begin(now);
    List<String> beating = new ArrayList<>();
    heard.forEach(
        (address, at) -> {
          if (ticker.nanos() - at < SILENCE.toNanos()) {
            beating.add(address);
          }
        });
    return beating;
  }

  /** Whoever still asks for an older epoch asks this one. */
  private void begin(long now) {
    if (now > epoch) {
      epoch = now;
      heard.clear();
      heldSince = ticker.nanos();
    }
  }
}
