package dev.weft.bench;

import dev.weft.bench.AgentDoor.Spawned;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What commands write and their sessions read: numbered lines, of which every byte is looked at. At
 * full speed in one session and in four, and at a fixed rate in many; no frame may be missing.
 */
final class SessionOutput implements AgentPart {

  private static final Goal RATE = Goal.atLeast(50, "MB/s", "output, four sessions together");
  private static final int FOUR = 4;
  private static final int LINES_A_TENTH = 100_000 / 10 / NumberedLines.LINE;
  private static final int SLOTS = 100;
  private static final long FILE_BYTES = (long) NumberedLines.CYCLE * NumberedLines.LINE;

  private final AgentOptions options;
  private final int runs;

  SessionOutput(AgentOptions options, int runs) {
    this.options = options;
    this.runs = runs;
  }

  @Override
  public String name() {
    return "output";
  }

  @Override
  public void run(Mesh mesh, Report report) throws Exception {
    BodySlots.raise(mesh, SLOTS);
    AgentDoor door = new AgentDoor(mesh);
    List<Reader> readers = new ArrayList<>();
    try {
      for (int i = 0; i < options.writing; i++) {
        readers.add(Reader.open(mesh, door));
      }
      flood(mesh, report, readers.subList(0, 1), "output, one session");
      double four =
          flood(
              mesh,
              report,
              readers.subList(0, Math.min(FOUR, readers.size())),
              "output, four sessions together");
      RATE.judge(four, report);
      paced(mesh, report, readers);
    } finally {
      for (Reader reader : readers) {
        reader.session.close();
        door.terminate(reader.agent);
      }
    }
  }

  private double flood(Mesh mesh, Report report, List<Reader> readers, String what)
      throws Exception {
    int cycles = (int) Math.max(1, options.sessionBytes / readers.size() / FILE_BYTES);
    List<Double> rates = new ArrayList<>();
    for (int run = 0; run < runs; run++) {
      Costs costs = Costs.begin(mesh);
      long begun = System.nanoTime();
      for (Reader reader : readers) {
        reader.begin("flood-" + what.length() + "-" + run, NumberedLines.flood(cycles));
      }
      for (Reader reader : readers) {
        reader.awaitEnd(cycles * FILE_BYTES);
      }
      long first = readers.stream().mapToLong(reader -> reader.firstAt).min().orElse(begun);
      rates.add(
          readers.size() * cycles * (double) FILE_BYTES / 1e6 / ((System.nanoTime() - first) / 1e9));
      if (run == runs - 1) {
        costs.shares(what, report);
      }
    }
    report.addMedian(what, rates, "MB/s");
    return Figures.of(rates).median();
  }

  private void paced(Mesh mesh, Report report, List<Reader> readers) throws Exception {
    String what = readers.size() + " sessions at 100 KB/s each";
    long each = (long) options.sessionSeconds * 10 * LINES_A_TENTH * NumberedLines.LINE;
    Costs costs = Costs.begin(mesh);
    long begun = System.nanoTime();
    for (Reader reader : readers) {
      reader.begin("paced", NumberedLines.paced(LINES_A_TENTH, options.sessionSeconds));
    }
    for (Reader reader : readers) {
      reader.awaitEnd(each);
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    costs.shares(what, report);
    report.add(
        what,
        readers.size() * each / 1e6 / seconds,
        "MB/s",
        "every byte of %.0f MB was there".formatted(readers.size() * each / 1e6));
  }

  /** Who looks at all that the commands of one agent write. */
  private static final class Reader implements AgentSession.Ear {

    private final String agent;
    private AgentSession session;
    private NumberedLines lines = new NumberedLines();
    private String command = "";
    private long firstAt;
    private boolean ended;

    @SuppressWarnings("NullAway.Init")
    private Reader(String agent) {
      this.agent = agent;
    }

    static Reader open(Mesh mesh, AgentDoor door) throws IOException, InterruptedException {
      Spawned agent = door.spawn(AgentDoor.small());
      Reader reader = new Reader(agent.id());
      reader.session = AgentSession.enter(mesh, agent.id(), agent.ticket(), reader);
      reader.session.awaitRunning();
      return reader;
    }

    void begin(String id, String script) throws IOException {
      synchronized (session) {
        lines = new NumberedLines();
        command = id;
        firstAt = Long.MAX_VALUE;
        ended = false;
      }
      session.command(id, script);
    }

    void awaitEnd(long expected) throws InterruptedException {
      session.await("the end of " + command, () -> ended);
      if (lines.bytes() != expected) {
        throw new BenchFailure(
            "output: " + lines.bytes() + " bytes (expected: " + expected + ")");
      }
    }

    @Override
    public void output(String commandId, byte[] bytes) {
      if (!commandId.equals(command)) {
        return;
      }
      firstAt = Math.min(firstAt, System.nanoTime());
      lines.take(bytes);
    }

    @Override
    public void ended(String commandId, int exitCode) {
      if (exitCode != 0) {
        throw new BenchFailure(commandId + ": exit code " + exitCode);
      }
      ended |= commandId.equals(command);
    }
  }
}
