package dev.weft.platform.lifecycle;

import dev.weft.platform.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * Stops a service in named steps, one after the other, each within its own deadline: stop taking,
 * drain, release, deregister, close. A step that fails or does not end in time is reported and
 * passed over, since the ones after it give back what others wait for. Runs once: later and
 * concurrent callers wait for the first run and get its outcomes.
 */
public final class GracefulStop {

  private static final Logger LOG = Logger.getLogger(GracefulStop.class);

  private final Ticker ticker;
  private final List<Step> steps;
  private final FutureTask<List<Outcome>> run = new FutureTask<>(this::runAll);

  private GracefulStop(Ticker ticker, List<Step> steps) {
    this.ticker = ticker;
    this.steps = steps;
  }

  /** What one step does; an interrupt means that its time is over. */
  @FunctionalInterface
  public interface Action {
    void run() throws Exception;
  }

  /** How a step ended. */
  public enum Result {
    DONE,
    FAILED,
    TIMED_OUT
  }

  /** One step's end, in the order of the steps. */
  public record Outcome(String step, Result result, Duration took) {}

  private record Step(String name, Duration deadline, Action action) {}

  public static Builder builder() {
    return new Builder();
  }

  /** Runs all steps, or waits for the run that is under way. */
  public List<Outcome> run() {
    run.run();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return run.get();
        } catch (InterruptedException e) {
          // Every step is bounded, so the whole is: finish, then tell the caller's thread.
          interrupted = true;
        } catch (ExecutionException e) {
          throw new IllegalStateException("a step's failure is an outcome", e);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private List<Outcome> runAll() {
    List<Outcome> outcomes = new ArrayList<>(steps.size());
    for (Step step : steps) {
      long start = ticker.nanos();
      Result result = runOne(step);
      Outcome outcome = new Outcome(step.name(), result, Duration.ofNanos(ticker.nanos() - start));
      LOG.infof("stop step: step=%s result=%s took=%s", step.name(), result, outcome.took());
      outcomes.add(outcome);
    }
    return List.copyOf(outcomes);
  }

  private static Result runOne(Step step) {
    FutureTask<Boolean> task =
        new FutureTask<>(
            () -> {
              step.action().run();
              return true;
            });
    Thread thread = Thread.ofVirtual().name("stop-" + step.name()).start(task);
    try {
      task.get(step.deadline().toNanos(), TimeUnit.NANOSECONDS);
      return Result.DONE;
    } catch (TimeoutException e) {
      thread.interrupt();
      LOG.warnf("stop step ran out of time: step=%s deadline=%s", step.name(), step.deadline());
      return Result.TIMED_OUT;
    } catch (ExecutionException e) {
      LOG.warnf(e.getCause(), "stop step failed: step=%s", step.name());
      return Result.FAILED;
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
      return Result.TIMED_OUT;
    }
  }

  /** Collects the steps in the order in which they will run. */
  public static final class Builder {

    private final List<Step> steps = new ArrayList<>();
    private Ticker ticker = Ticker.system();

    private Builder() {}

    public Builder ticker(Ticker value) {
      ticker = value;
      return this;
    }

    public Builder step(String name, Duration deadline, Action action) {
      if (deadline.isNegative() || deadline.isZero()) {
        throw new IllegalArgumentException(
            "deadline of " + name + ": " + deadline + " (expected: > PT0S)");
      }
      steps.add(new Step(name, deadline, action));
      return this;
    }

    public GracefulStop build() {
      return new GracefulStop(ticker, List.copyOf(steps));
    }
  }
}
