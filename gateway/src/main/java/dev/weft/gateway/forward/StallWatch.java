package dev.weft.gateway.forward;

import dev.weft.gateway.app.Later;
import dev.weft.platform.time.Ticker;
import java.time.Duration;

/** Notices that somebody who is waited for sends nothing. */
public final class StallWatch {

  private final Setting setting;
  private final Runnable onStall;
  private boolean waiting;
  private boolean over;
  private long since;

  /**
   * How patient one is.
   *
   * @param most silence that is borne
   */
  public record Setting(Duration most, Later later, Ticker ticker) {

    private Duration period() {
      return most.dividedBy(4).plusMillis(1);
    }
  }

  public StallWatch(Setting setting, Runnable onStall) {
    this.setting = setting;
    this.onStall = onStall;
    this.since = setting.ticker().nanos();
    setting.later().run(setting.period(), this::tick);
  }

  /** From now on, or no more, the other side is waited for. */
  public synchronized void waiting(boolean now) {
    waiting = now;
    since = setting.ticker().nanos();
  }

  public synchronized void close() {
    over = true;
  }

  private void tick() {
    boolean stalled;
    synchronized (this) {
      if (over) {
        return;
      }
      stalled = waiting && setting.ticker().nanos() - since >= setting.most().toNanos();
      over = stalled;
    }
    if (stalled) {
      onStall.run();
    } else {
      setting.later().run(setting.period(), this::tick);
    }
  }
}
