package dev.weft.worker.app.agent;

import static org.awaitility.Awaitility.await;

import dev.weft.worker.domain.agent.AgentCommand;
import dev.weft.worker.domain.agent.AgentSignal;
import dev.weft.worker.domain.agent.BodyErrand;
import dev.weft.worker.domain.agent.HomeOrders;
import dev.weft.worker.domain.agent.HomeOrders.Signalling;
import dev.weft.worker.domain.agent.SessionEvent;
import dev.weft.worker.domain.agent.SessionEvent.CommandEnded;
import dev.weft.worker.domain.agent.SessionEvent.CommandOutput;
import dev.weft.worker.domain.agent.SessionEvent.CommandStarted;
import dev.weft.worker.domain.agent.SessionEvent.TerminalOutput;
import dev.weft.worker.domain.agent.SessionFrame;
import dev.weft.worker.domain.agent.TerminalSize;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A home that takes frames when the test lets it, and says what the test says. */
public final class FakeHome implements AgentHomes {

  private static final byte[] NOTHING = {};

  private final List<SessionFrame> frames = new CopyOnWriteArrayList<>();
  private volatile @Nullable Body body;
  private volatile boolean takes = true;
  private volatile boolean saidGoodbye;
  private boolean pumping;

  @Override
  public Connection connect(Body fresh) {
    synchronized (this) {
      frames.clear();
    }
    body = fresh;
    fresh.frames().onFrames(this::pump);
    pump();
    saidGoodbye = false;
    return new Connection() {
      @Override
      public void goodbye() {
        saidGoodbye = true;
      }

      @Override
      public void close() {
        body = null;
      }
    };
  }

  /** Takes all that waits, and keeps it. */
  private synchronized void pump() {
    Body now = body;
    if (now == null || !takes || pumping) {
      return;
    }
    pumping = true;
    long last = frames.isEmpty() ? 0 : frames.getLast().number();
    for (List<SessionFrame> next = now.frames().after(last, 1 << 20);
        !next.isEmpty();
        next = now.frames().after(last, 1 << 20)) {
      frames.addAll(next);
      last = next.getLast().number();
      now.frames().acknowledged(last);
    }
    pumping = false;
  }

  /** Whether the last body ended by itself. */
  public boolean saidGoodbye() {
    return saidGoodbye;
  }

  public void takes(boolean value) {
    takes = value;
    pump();
  }

  public void awaitBody() {
    await().atMost(Duration.ofSeconds(10)).until(() -> body != null);
  }

  public Body body() {
    Body now = body;
    if (now == null) {
      throw new AssertionError("no body is connected");
    }
    return now;
  }

  public void run(String id, String line) {
    run(new AgentCommand(id, List.of(line), true, "", Optional.empty(), ""));
  }

  public void storeWorkspace(String id) {
    run(AgentCommand.errand(id, new BodyErrand.StoreWorkspace(), ""));
  }

  public void put(String id, String artifact, String path) {
    run(AgentCommand.errand(id, new BodyErrand.PutFiles(artifact, path, "", false), ""));
  }

  public void get(String id, String path) {
    run(AgentCommand.errand(id, new BodyErrand.GetFiles(path), ""));
  }

  public void errand(String id, BodyErrand errand) {
    run(AgentCommand.errand(id, errand, ""));
  }

  public void run(AgentCommand command) {
    say(List.of(command), List.of(), NOTHING, Optional.empty(), false);
  }

  public void signal(String id, AgentSignal signal) {
    say(List.of(), List.of(new Signalling(id, signal)), NOTHING, Optional.empty(), false);
  }

  public void type(String text) {
    say(List.of(), List.of(), text.getBytes(StandardCharsets.UTF_8), Optional.empty(), false);
  }

  public void resize(int columns, int rows) {
    say(List.of(), List.of(), NOTHING, Optional.of(new TerminalSize(columns, rows)), false);
  }

  public void hibernate() {
    say(List.of(), List.of(), NOTHING, Optional.empty(), true);
  }

  private void say(
      List<AgentCommand> commands,
      List<Signalling> signals,
      byte[] input,
      Optional<TerminalSize> size,
      boolean hibernate) {
    body().obey(new HomeOrders(commands, signals, input, size, hibernate));
  }

  public List<SessionFrame> frames() {
    return List.copyOf(frames);
  }

  public <E extends SessionEvent> List<E> events(Class<E> type) {
    return frames.stream()
        .map(SessionFrame::event)
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  public CommandEnded awaitEnd(String id) {
    await().atMost(Duration.ofSeconds(20)).until(() -> ends(id) > 0);
    return events(CommandEnded.class).stream()
        .filter(end -> end.commandId().equals(id))
        .findFirst()
        .orElseThrow();
  }

  public long ends(String id) {
    return events(CommandEnded.class).stream().filter(end -> end.commandId().equals(id)).count();
  }

  public void awaitStart(String id) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                events(CommandStarted.class).stream()
                    .anyMatch(start -> start.commandId().equals(id)));
  }

  public String output(String id, boolean stderr) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    events(CommandOutput.class).stream()
        .filter(out -> out.commandId().equals(id) && out.stderr() == stderr)
        .forEach(out -> bytes.writeBytes(out.content()));
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** All that the terminal has shown. */
  public String screen() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    events(TerminalOutput.class).forEach(out -> bytes.writeBytes(out.content()));
    return bytes.toString(StandardCharsets.UTF_8);
  }

  public void awaitScreen(String text) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> org.assertj.core.api.Assertions.assertThat(screen()).contains(text));
  }
}
