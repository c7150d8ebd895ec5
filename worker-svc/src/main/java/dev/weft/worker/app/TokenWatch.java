package dev.weft.worker.app;

import dev.weft.worker.domain.AttemptKey;
import dev.weft.worker.domain.TokenLedger;
import dev.weft.worker.domain.TokenUse;
import java.io.IOException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads what an attempt's commands report of models' tokens, a few times a second, and tells the
 * totals whenever they have changed. It never waits for them; who reports more than it reads waits
 * for it. To be closed when nothing of the attempt runs any more. Safe for threads.
 */
public final class TokenWatch implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(TokenWatch.class);
  private static final long LOOK_MILLIS = 250;
  private static final int LOOK_BYTES = 16 * 1024;

  /** A pipe can be made to hold 1 MiB. */
  private static final int LAST_LOOKS = 1024 * 1024 / LOOK_BYTES + 1;

  private final AttemptKey key;
  private final Workspace workspace;
  private final Consumer<TokenUse> told;
  private final TokenLedger ledger = new TokenLedger();
  private final byte[] buffer = new byte[LOOK_BYTES];
  private final AtomicBoolean looking = new AtomicBoolean();
  private TokenUse last = TokenUse.NOTHING;
  private boolean over;
  private @Nullable Future<?> looks;

  private TokenWatch(AttemptKey key, Workspace workspace, Consumer<TokenUse> told) {
    this.key = key;
    this.workspace = workspace;
    this.told = told;
  }

  /**
   * Begins to look.
   *
   * @param told on any thread, one call at a time
   */
  static TokenWatch open(
      ScheduledExecutorService timer,
      AttemptKey key,
      Workspace workspace,
      Consumer<TokenUse> told) {
    TokenWatch watch = new TokenWatch(key, workspace, told);
    watch.looks =
        timer.scheduleWithFixedDelay(
            watch::lookAside, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    return watch;
  }

  /** The timer is everybody's: it waits for no reading, however much there is. */
  private void lookAside() {
    if (looking.compareAndSet(false, true)) {
      Thread.ofVirtual()
          .name("weft-usage")
          .start(
              () -> {
                try {
                  look();
                } finally {
                  looking.set(false);
                }
              });
    }
  }

  private synchronized void look() {
    if (!over) {
      read();
      tell();
    }
  }

  /** Answers whether there may be more. */
  private boolean read() {
    try {
      int count = workspace.readUsage(buffer);
      ledger.take(buffer, count);
      return count > 0;
    } catch (IOException e) {
      over = true;
      LOG.warnf(
          "what it reports of tokens can't be read: attempt=%s error=%s", key, e.getMessage());
      return false;
    }
  }

  private void tell() {
    TokenUse now = ledger.total();
    if (!now.equals(last)) {
      last = now;
      told.accept(now);
    }
  }

  /** Reads what is left. */
  @Override
  public synchronized void close() {
    if (looks != null) {
      looks.cancel(false);
    }
    for (int i = 0; i < LAST_LOOKS && !over && read(); i++) {
      // The next part.
    }
    over = true;
    ledger.end();
    tell();
    if (last.ignoredLines() > 0) {
      LOG.infof(
          "lines of it were no reports of tokens: attempt=%s count=%d", key, last.ignoredLines());
    }
  }
}
