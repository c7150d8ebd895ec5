package dev.weft.worker.app;

import dev.weft.platform.testing.SettableTicker;
import dev.weft.worker.app.PlacerLink.Orders;
import dev.weft.worker.app.PlacerLink.Welcome;
import dev.weft.worker.domain.Assignment;
import dev.weft.worker.domain.AttemptKey;
import dev.weft.worker.domain.Capacity;
import dev.weft.worker.domain.Resources;
import dev.weft.worker.domain.SandboxLevel;
import dev.weft.worker.domain.Work;
import dev.weft.worker.domain.Work.Confinement;
import dev.weft.worker.domain.Work.NetworkAccess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A desk whose loop is the test's own thread. */
final class DeskRig {

  static final Duration TTL = Duration.ofSeconds(10);

  final SettableTicker ticker = new SettableTicker();
  final FakeShell shell = new FakeShell();
  final Tally tally = new Tally(3_600_000);
  final WorkDesk desk =
      new WorkDesk(
          ticker,
          new Attempts(
              List.of(shell, new NoopExecutor()),
              new Capacity(4000, 1000, 1000, 0, Map.of("shell", 2, "noop", 1024)),
              new Attempts.Wiring(Runnable::run, ticker, tally)));

  FakeLink open() {
    FakeLink link = new FakeLink();
    link.hello(desk.connecting(link));
    return link;
  }

  FakeLink connect(long epoch) {
    return connect(epoch, List.of(), List.of());
  }

  FakeLink connect(long epoch, List<AttemptKey> adopt, List<AttemptKey> kill) {
    FakeLink link = open();
    welcome(link, epoch, adopt, kill);
    return link;
  }

  void welcome(FakeLink link, long epoch, List<AttemptKey> adopt, List<AttemptKey> kill) {
    desk.welcome(link, new Welcome(epoch, adopt, kill, List.of(), TTL));
    desk.flush();
  }

  AttemptKey assign(FakeLink link, String task, long fence) {
    return assign(link, new AttemptKey(task, 1, fence), shellWork());
  }

  private static Work shellWork() {
    return new Work.Shell(
        List.of("true"),
        false,
        List.of(),
        Map.of(),
        new byte[0],
        "",
        new Confinement(SandboxLevel.BUBBLEWRAP, NetworkAccess.NONE),
        0);
  }

  AttemptKey assignNoop(FakeLink link, String task, long fence) {
    return assign(link, new AttemptKey(task, 1, fence), new Work.Noop());
  }

  private AttemptKey assign(FakeLink link, AttemptKey key, Work work) {
    orders(
        link,
        new Orders(
            List.of(assignment(key, work)), List.of(), List.of(), List.of(), 0, Optional.empty()));
    return key;
  }

  private static Assignment assignment(AttemptKey key, Work work) {
    return new Assignment(key, "t", work, Resources.NONE, Duration.ofMinutes(1), "");
  }

  void cancel(FakeLink link, AttemptKey key) {
    orders(link, new Orders(List.of(), List.of(), List.of(key), List.of(), 0, Optional.empty()));
  }

  /** An assignment and its cancel, as one message. */
  AttemptKey assignAndCancel(FakeLink link, String task, long fence) {
    AttemptKey key = new AttemptKey(task, 1, fence);
    orders(
        link,
        new Orders(
            List.of(assignment(key, shellWork())),
            List.of(),
            List.of(key),
            List.of(),
            0,
            Optional.empty()));
    return key;
  }

  void settle(FakeLink link, AttemptKey key) {
    orders(link, new Orders(List.of(), List.of(), List.of(), List.of(key), 0, Optional.empty()));
  }

  void acknowledge(FakeLink link, long renewal) {
    orders(link, new Orders(List.of(), List.of(), List.of(), List.of(), renewal, Optional.empty()));
  }

  void drain(FakeLink link, Duration grace) {
    orders(link, new Orders(List.of(), List.of(), List.of(), List.of(), 0, Optional.of(grace)));
  }

  private void orders(FakeLink link, Orders orders) {
    desk.orders(link, orders);
    desk.flush();
  }

  /** Time goes by, and the desk looks twice a second. */
  void pass(Duration time) {
    for (long left = time.toMillis(); left > 0; left -= 500) {
      ticker.advance(Duration.ofMillis(Math.min(500, left)));
      desk.tick();
      desk.flush();
    }
  }

  /** Time goes by, and nothing of the process runs. */
  void sleep(Duration time) {
    ticker.advance(time);
  }
}
