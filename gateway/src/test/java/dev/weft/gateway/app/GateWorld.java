package dev.weft.gateway.app;

import dev.weft.gateway.domain.Grant;
import dev.weft.gateway.domain.OwnPart;
import dev.weft.gateway.domain.SubmitRate;
import dev.weft.platform.testing.SettableTicker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Several gateways and the keeper of their buckets, in a time that a test makes pass. */
final class GateWorld {

  static final String TENANT = "acme";

  final SettableTicker ticker = new SettableTicker();
  final List<SubmitGate> gates = new ArrayList<>();
  final List<Link> links = new ArrayList<>();
  final Random random;
  final SubmitRate rate;
  final FakeSharedBuckets buckets = new FakeSharedBuckets(ticker);

  /** The longest way to the keeper or back, in microseconds. */
  int slowest = 4_000;

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
  private long numbers;
  private boolean down;
  private boolean hung;
  private final Deque<Runnable> held = new ArrayDeque<>();
  private Map<?, ?> onDisk = Map.of();

  /** Whether a strict bucket would have let through all that was accepted; what it has left. */
  double reference;

  double lowest;

  double referenceBurst;
  long accepted;
  long waiting;
  long longestWait;
  long refused;
  private long referenceAt;

  private record Event(long at, long number, Runnable task) {}

  GateWorld(long seed, SubmitRate rate) {
    this.random = new Random(seed);
    this.rate = rate;
    this.reference = rate.burst();
    this.referenceBurst = rate.burst();
    for (int i = 0; i < rate.gateways(); i++) {
      Link link = new Link();
      links.add(link);
      gates.add(new SubmitGate(link, rate, new GateTools(ticker, this::later, new Deaf())));
    }
  }

  void later(Duration delay, Runnable task) {
    events.add(new Event(ticker.nanos() + delay.toNanos(), numbers++, task));
  }

  void run(Duration time) {
    long end = ticker.nanos() + time.toNanos();
    while (!events.isEmpty() && events.element().at() - end <= 0) {
      Event next = events.remove();
      pass(next.at());
      next.task().run();
    }
    pass(end);
  }

  /** The reference refills, by more while gateways that are alone add their own part. */
  private void pass(long to) {
    double seconds = (to - referenceAt) / 1e9;
    long alone = down ? 0 : gates.stream().filter(SubmitGate::local).count();
    double perSecond = rate.perSecond() * (1 + alone * surplus / rate.gateways());
    reference = Math.min(referenceBurst, reference + seconds * perSecond);
    referenceAt = to;
    ticker.advance(Duration.ofNanos(to - ticker.nanos()));
  }

  /** Whether own parts come on top. */
  double surplus;

  void submit(int gateway, int tasks) {
    long start = ticker.nanos();
    waiting++;
    gates
        .get(gateway)
        .admit(TENANT, tasks)
        .thenAccept(
            admission -> {
              waiting--;
              longestWait = Math.max(longestWait, ticker.nanos() - start);
              accepted += admission.granted();
              refused += tasks - admission.granted();
              reference -= admission.granted();
              lowest = Math.min(lowest, reference);
            });
  }

  void stop() {
    down = true;
  }

  /** Another run, with what is on disk or nothing. */
  void start(boolean kept) {
    down = false;
    buckets.restart(kept ? onDisk : Map.of());
  }

  void writeToDisk() {
    onDisk = buckets.kept();
  }

  void hang() {
    hung = true;
  }

  void goOn() {
    hung = false;
    while (!held.isEmpty()) {
      held.remove().run();
    }
  }

  /** One gateway's way to the keeper. */
  final class Link implements SharedBuckets {

    boolean cut;

    @Override
    public CompletionStage<Grant> take(String tenant, SubmitRate asked, long wanted, OwnPart own) {
      CompletableFuture<Grant> answer = new CompletableFuture<>();
      later(way(), () -> arrive(answer, () -> buckets.answer(tenant, asked, wanted, own)));
      return answer;
    }

    private void arrive(CompletableFuture<Grant> answer, Supplier<Grant> work) {
      if (down || cut) {
        answer.completeExceptionally(new IllegalStateException("refused"));
      } else if (hung) {
        held.add(() -> arrive(answer, work));
      } else {
        Grant grant = work.get();
        later(way(), () -> answer.complete(grant));
      }
    }

    private Duration way() {
      return Duration.ofNanos(50_000 + random.nextInt(slowest) * 1_000L);
    }
  }

  private static final class Deaf implements GateMeter {
    @Override
    public void throttled(long tasks, boolean local) {}

    @Override
    public void asked(Answer answer) {}

    @Override
    public void lost(String error) {}
  }
}
