package dev.weft.gateway;

import dev.weft.gateway.app.GateMeter;
import dev.weft.platform.time.Ticker;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/** What happens at a gate, as metrics, and now and then in the log. */
final class MicrometerGateMeter implements GateMeter {

  private static final Logger LOG = Logger.getLogger(MicrometerGateMeter.class);
  private static final long REPORT_NANOS = Duration.ofSeconds(30).toNanos();

  private final Ticker ticker;
  private final String gate;
  private final Counter shared;
  private final Counter local;
  private final Counter lost;
  private final Map<Answer, Counter> answers = new EnumMap<>(Answer.class);
  private final AtomicLong reportedAt;

  /**
   * @param gate its name in the metrics
   */
  MicrometerGateMeter(MeterRegistry meters, Ticker ticker, String gate) {
    String asked = "weft." + gate + ".asked";
    String throttled = "weft." + gate + ".throttled";
    this.ticker = ticker;
    this.gate = gate;
    this.reportedAt = new AtomicLong(ticker.nanos() - REPORT_NANOS);
    shared = meters.counter(throttled, "bucket", "shared");
    local = meters.counter(throttled, "bucket", "local");
    lost = meters.counter(asked, "answer", "lost");
    for (Answer answer : Answer.values()) {
      String name = answer.name().toLowerCase(Locale.ROOT);
      answers.put(answer, meters.counter(asked, "answer", name));
    }
  }

  @Override
  public void throttled(long tasks, boolean own) {
    (own ? local : shared).increment((double) tasks);
  }

  @Override
  public void asked(Answer answer) {
    Counter counter = answers.get(answer);
    if (counter != null) {
      counter.increment();
    }
  }

  @Override
  public void lost(String error) {
    lost.increment();
    long now = ticker.nanos();
    long last = reportedAt.get();
    if (now - last >= REPORT_NANOS && reportedAt.compareAndSet(last, now)) {
      LOG.warnf(
          "redis does not answer in time, what it bounds is bounded by this gateway's part of the"
              + " rate: gate=%s error=%s",
          gate, error);
    }
  }
}
