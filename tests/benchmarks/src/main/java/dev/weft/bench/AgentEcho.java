package dev.weft.bench;

import dev.weft.bench.AgentDoor.Spawned;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * How long a key takes from the client through gateway, home and worker to a program in the
 * terminal that writes it back, and back. Open loop: a key counts from the moment at which it was
 * due, so a stall shows in every key that it delayed. The first tenth warms up and isn't counted.
 */
final class AgentEcho implements AgentPart {

  private static final Goal P50 = Goal.atMost(3, "ms", "echo, p50");
  private static final Goal P99 = Goal.atMost(15, "ms", "echo, p99");
  private static final long HIGHEST_MICROS = TimeUnit.MINUTES.toMicros(2);
  private static final String RAW = "stty raw -echo; printf '%s' RE ADY; exec cat\n";
  private static final int ALPHABET = 26;

  private final AgentOptions options;
  private final int runs;

  AgentEcho(AgentOptions options, int runs) {
    this.options = options;
    this.runs = runs;
  }

  @Override
  public String name() {
    return "echo";
  }

  @Override
  public void run(Mesh mesh, Report report) throws Exception {
    AgentDoor door = new AgentDoor(mesh);
    Spawned agent = door.spawn(AgentDoor.standard());
    Echoes echoes = new Echoes();
    List<Histogram> all = new ArrayList<>();
    try (AgentSession session = AgentSession.enter(mesh, agent.id(), agent.ticket(), echoes)) {
      session.resize();
      session.await("first prompt", echoes.screen::prompt);
      session.type(RAW.getBytes(StandardCharsets.US_ASCII));
      session.await("a terminal that echoes nothing", () -> echoes.screen.endsWith("READY"));
      for (int run = 0; run < runs; run++) {
        Costs costs = Costs.begin(mesh);
        all.add(type(session, echoes));
        if (run == runs - 1) {
          costs.each("echo of a key", options.keys, report);
        }
        report.addLatency("echo, run " + (run + 1), all.getLast());
      }
    }
    door.terminate(agent.id());
    List<Double> medians = at(all, 50);
    List<Double> tails = at(all, 99);
    report.addMedian("echo, p50", medians, "ms");
    report.addMedian("echo, p99", tails, "ms");
    P50.judge(Figures.of(medians).median(), report);
    P99.judge(Figures.of(tails).median(), report);
  }

  private Histogram type(AgentSession session, Echoes echoes)
      throws IOException, InterruptedException {
    long begin = System.nanoTime();
    long[] due =
        IntStream.range(0, options.keys)
            .mapToLong(n -> begin + n * TimeUnit.SECONDS.toNanos(1) / options.keyRate)
            .toArray();
    session.between(() -> echoes.begin(due));
    for (int n = 0; n < due.length; n++) {
      for (long wait = due[n] - System.nanoTime(); wait > 0; wait = due[n] - System.nanoTime()) {
        LockSupport.parkNanos(wait);
      }
      session.type(new byte[] {key(n)});
    }
    session.await("the echo of every key", echoes::complete);
    return echoes.seen;
  }

  private static byte key(int n) {
    return (byte) ('a' + n % ALPHABET);
  }

  private static List<Double> at(List<Histogram> all, double percentile) {
    return all.stream().map(one -> one.getValueAtPercentile(percentile) / 1_000.0).toList();
  }

  /** What comes back, each key of a run once and in its place. Guarded by the session's lock. */
  private static final class Echoes implements AgentSession.Ear {

    private final Screen screen = new Screen();
    private Histogram seen = new Histogram(HIGHEST_MICROS, 3);
    private long[] due = new long[0];
    private int next;

    void begin(long[] keys) {
      due = keys;
      next = 0;
      seen = new Histogram(HIGHEST_MICROS, 3);
    }

    boolean complete() {
      return next == due.length;
    }

    @Override
    public void terminal(byte[] frame, int from) {
      long now = System.nanoTime();
      if (due.length == 0) {
        screen.terminal(frame, from);
        return;
      }
      for (int i = from; i < frame.length; i++) {
        if (complete() || frame[i] != key(next)) {
          throw new BenchFailure("echo of key " + next + ": " + frame[i]);
        }
        if (next >= due.length / 10) {
          seen.recordValue(TimeUnit.NANOSECONDS.toMicros(now - due[next]));
        }
        next++;
      }
    }
  }
}
