package dev.weft.bench;

import dev.weft.bench.AgentDoor.Spawned;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What commands write and their sessions read: numbered lines, of which every byte is looked at. At
 * full speed in one session and in four, where what a session loses since it reads too slowly is
 * counted; at a fixed rate in four and in many, where nothing may be missing.
 */
final class SessionOutput implements AgentPart {

  private static final Goal RATE = Goal.atLeast(50, "MB/s", "output, four sessions together");
  private static final Goal LOST = Goal.atMost(0, "%", "output, lost at 50 MB/s in all");
  private static final int FOUR = 4;
  private static final int QUICK = 12_500_000;
  private static final int SLOW = 100_000;
  private static final int SLOTS = 100;

  /** A body takes a 20th of a core at least, of two cores, of which a fifth is kept for P0. */
  private static final int BODIES_A_WORKER = 32;

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
    int room = WorkerReturn.here(mesh).size() * BODIES_A_WORKER;
    if (room < options.writing) {
      report.note("output: %d bodies have room (--workers 4: 128)".formatted(room));
    }
    AgentDoor door = new AgentDoor(mesh);
    List<Reader> readers = new ArrayList<>();
    try {
      for (int i = 0; i < Math.min(room, options.writing); i++) {
        readers.add(Reader.open(mesh, door));
      }
      // First, since what a flood leaves in the rings is room that the others lack.
      paced(mesh, report, readers, SLOW, false);
      List<Reader> few = readers.subList(0, Math.min(FOUR, readers.size()));
      LOST.judge(paced(mesh, report, few, QUICK, true), report);
      flood(mesh, report, readers.subList(0, 1), "output, one session");
      RATE.judge(flood(mesh, report, few, "output, four sessions together"), report);
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
    long lost = 0;
    for (int run = 0; run < runs; run++) {
      Costs costs = Costs.begin(mesh);
      long begun = System.nanoTime();
      for (Reader reader : readers) {
        reader.begin("flood-" + what.length() + "-" + run, NumberedLines.flood(cycles), true);
      }
      for (Reader reader : readers) {
        reader.awaitEnd(cycles * FILE_BYTES);
        lost += reader.lines.lost();
        reader.tellGaps(report);
      }
      long first = readers.stream().mapToLong(reader -> reader.firstAt).min().orElse(begun);
      double came = readers.stream().mapToLong(reader -> reader.lines.came()).sum();
      rates.add(came / 1e6 / ((System.nanoTime() - first) / 1e9));
      if (run == runs - 1) {
        costs.shares(what, report);
      }
    }
    report.addMedian(what, rates, "MB/s");
    double written = (double) runs * readers.size() * cycles * FILE_BYTES;
    report.add(what + ": lost to their readers", lost / written * 100, "%", "told as gaps");
    return Figures.of(rates).median();
  }

  /**
   * Answers how much was lost, in percent.
   *
   * @throws BenchFailure if a byte is missing, unless some may be
   */
  private double paced(
      Mesh mesh, Report report, List<Reader> readers, int bytesASecond, boolean lossy)
      throws Exception {
    String what = "%d sessions at %d KB/s each".formatted(readers.size(), bytesASecond / 1000);
    int lines = bytesASecond / 10 / NumberedLines.LINE;
    long each = (long) options.sessionSeconds * 10 * lines * NumberedLines.LINE;
    Costs costs = Costs.begin(mesh);
    long begun = System.nanoTime();
    for (Reader reader : readers) {
      reader.begin("paced-" + lines, NumberedLines.paced(lines, options.sessionSeconds), lossy);
    }
    for (Reader reader : readers) {
      reader.awaitEnd(each);
    }
    readers.forEach(reader -> reader.tellGaps(report));
    double seconds = (System.nanoTime() - begun) / 1e9;
    costs.shares(what, report);
    double came = readers.stream().mapToLong(reader -> reader.lines.came()).sum();
    double lost = 100 - came / readers.size() / each * 100;
    report.add(
        what,
        came / 1e6 / seconds,
        "MB/s",
        "from the first command to the last end; %.2f %% lost".formatted(lost));
    return lost;
  }

  /** Who looks at all that the commands of one agent write. */
  private static final class Reader implements AgentSession.Ear {

    private final String agent;
    private AgentSession session;
    private NumberedLines lines = new NumberedLines();
    private String command = "";
    private long firstAt;
    private boolean ended;
    private boolean mayLose;

    /** What it was told of what it lost. */
    private final List<String> gaps = new ArrayList<>();

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

    /**
     * @param lossy whether it may lose what it reads too slowly
     */
    void begin(String id, String script, boolean lossy) throws IOException {
      session.between(
          () -> {
            mayLose = lossy;
            lines = new NumberedLines();
            command = id;
            firstAt = Long.MAX_VALUE;
            ended = false;
          });
      session.command(id, script);
    }

    void awaitEnd(long expected) throws InterruptedException {
      session.await("the end of " + command, () -> ended);
      lines.end(expected);
      if (lines.lost() > 0 && !mayLose) {
        throw new BenchFailure("output: %d bytes are missing".formatted(lines.lost()));
      }
    }

    /** The first is enough to know why. */
    void tellGaps(Report report) {
      if (!gaps.isEmpty()) {
        report.note("%d gaps, the first: %s".formatted(gaps.size(), gaps.getFirst()));
        gaps.clear();
      }
    }

    @Override
    public void gap(String words) {
      if (!mayLose) {
        throw new BenchFailure("a frame was lost: " + words);
      }
      gaps.add(words);
      lines.gap();
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
