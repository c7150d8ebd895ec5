package dev.weft.worker.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.worker.app.CommandPlace;
import dev.weft.worker.app.Sandbox.Command;
import dev.weft.worker.app.SandboxedProcess;
import dev.weft.worker.app.SandboxedProcess.Remains;
import dev.weft.worker.app.agent.BodyPlace;
import dev.weft.worker.app.agent.BodyPlaces.Wanted;
import dev.weft.worker.app.agent.Terminals.Pty;
import dev.weft.worker.domain.AttemptKey;
import dev.weft.worker.domain.Limits;
import dev.weft.worker.domain.LimitsScope;
import dev.weft.worker.domain.Resources;
import dev.weft.worker.domain.SecretEnvironment;
import dev.weft.worker.domain.Usage.KernelHit;
import dev.weft.worker.domain.Work.NetworkAccess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Places of bodies that were made before anybody asked, in the real sandbox. */
class WarmBodyIT {

  private static final AtomicLong FENCE = new AtomicLong();

  @SuppressWarnings("NullAway.Init") // made before each test
  private SandboxRig rig;

  @SuppressWarnings("NullAway.Init")
  private WarmBodyPlaces places;

  @BeforeEach
  void open() throws Exception {
    rig = SandboxRig.open();
    places = rig.kit().bodyPlaces(SandboxRig.LIMITS, 1, Runnable::run).orElseThrow();
    places.tend();
  }

  @AfterEach
  void close() throws Exception {
    places.close();
    assertThat(rig.survivors()).isEmpty();
    assertThat(names(Path.of(rig.attemptRoot(), "i1"))).containsExactly("shared");
    rig.close();
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.map(each -> String.valueOf(each.getFileName())).toList();
    }
  }

  private static Wanted wanted(Map<String, String> environment) {
    return new Wanted(
        new AttemptKey("tsk_warm", 1, FENCE.incrementAndGet()),
        NetworkAccess.NONE,
        SandboxRig.LIMITS,
        environment);
  }

  private static boolean isWarm(BodyPlace place) {
    return String.valueOf(place.workspace().backstage().getFileName()).startsWith("waiting-");
  }

  /** What ran in a terminal, and what it showed. */
  private record Shown(Remains remains, String text) {}

  private static Shown show(BodyPlace place, Wanted wanted, String script) throws Exception {
    try (Pty pty = place.openTerminal();
        CommandPlace own = place.workspace().place("r" + FENCE.incrementAndGet())) {
      SandboxedProcess process = place.launch(command(own, wanted, script, pty));
      String text = read(pty);
      return new Shown(process.clear(), text);
    }
  }

  private static Command command(CommandPlace own, Wanted wanted, String script, Pty pty) {
    return new Command(
        own,
        List.of("/bin/sh", "-c", script),
        "",
        wanted.environment(),
        SecretEnvironment.none(),
        wanted.network(),
        wanted.limits(),
        Optional.of(pty.device()));
  }

  private static String read(Pty pty) {
    StringBuilder text = new StringBuilder();
    byte[] buffer = new byte[4096];
    try {
      for (int length = pty.read(buffer, 0); length > 0; length = pty.read(buffer, 0)) {
        text.append(new String(buffer, 0, length, StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      // Nobody has the other side open any more: that is how a terminal ends.
      return text.toString();
    }
    return text.toString();
  }

  @Test
  void aBodyGetsOneThatWaitedAsItsOwnWithItsEnvironmentAndItsFiles() throws Exception {
    Wanted wanted = wanted(Map.of("COLOUR", "blue\ngreen"));
    try (BodyPlace place = places.open(wanted)) {
      assertThat(isWarm(place)).isTrue();
      Files.writeString(place.workspace().directory().resolve("brought"), "by the body");

      Shown shown =
          show(place, wanted, "tty; echo \"$COLOUR\"; cat brought; ls -la /proc/$$/fd; exit 7");

      assertThat(shown.text()).contains("/dev/console", "blue\r\ngreen", "by the body");
      assertThat(shown.text()).doesNotContain("pipe:");
      assertThat(shown.remains().exitCode()).isEqualTo(7);
    }
  }

  @Test
  void itsWallsAreThoseOfAnyOther() throws Exception {
    Wanted wanted = wanted(Map.of());
    try (BodyPlace place = places.open(wanted)) {
      Shown shown = show(place, wanted, "cat /proc/self/status; cat /proc/net/dev; touch /usr/x");

      assertThat(shown.text())
          .contains(
              "NoNewPrivs:\t1",
              "Seccomp:\t2",
              "CapEff:\t0000000000000000",
              "CapBnd:\t0000000000000000",
              "Uid:\t" + SystemView.UID,
              "Read-only file system")
          .doesNotContain("eth0");
    }
  }

  @Test
  void whoeverComesNextGetsAnotherInWhichNobodyEverWas() throws Exception {
    Wanted first = wanted(Map.of("WHOSE", "acme's"));
    try (BodyPlace place = places.open(first);
        BodyPlace other = places.open(wanted(Map.of()))) {
      assertThat(isWarm(place) && isWarm(other)).isTrue();
      assertThat(other.workspace().directory()).isNotEqualTo(place.workspace().directory());
      show(place, first, "echo secret > left; echo secret > /tmp/left; cp left /dev/shm/");
    }
    Wanted next = wanted(Map.of());
    try (BodyPlace place = places.open(next)) {
      Shown shown = show(place, next, "ls -A . /tmp /dev/shm; env");

      assertThat(isWarm(place)).isTrue();
      assertThat(shown.text()).doesNotContain("left", "acme");
    }
  }

  @Test
  void thereIsNothingOfAnybodyInOneThatWaits() throws Exception {
    List<ProcessHandle> waiting = rig.survivors();

    assertThat(waiting).isNotEmpty();
    Path attempt = Path.of(rig.attemptRoot(), "i1", "waiting-1");
    assertThat(names(attempt.resolve("work"))).isEmpty();
    assertThat(places.waiting()).isEqualTo(1);
    try (BodyPlace place = places.open(wanted(Map.of("WHOSE", "acme's")))) {
      // Not even one that is claimed has been told before its terminal is wanted.
      assertThat(isWarm(place)).isTrue();
      assertThat(environments(waiting)).contains("USER=weft").doesNotContain("acme");
    }
  }

  /** Of processes and of all below them; nothing of one that is over. */
  private static String environments(List<ProcessHandle> processes) {
    StringBuilder text = new StringBuilder();
    processes.stream()
        .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
        .map(each -> Path.of("/proc", Long.toString(each.pid()), "environ"))
        .forEach(
            file -> {
              try {
                text.append(Files.readString(file, StandardCharsets.ISO_8859_1));
              } catch (IOException e) {
                // It has ended: nothing of it is to be read any more.
                text.append("");
              }
            });
    return text.toString();
  }

  @Test
  void itHoldsToWhatItsBodyHasReserved() throws Exception {
    Limits few =
        SandboxRig.LIMITS.forTask(new Resources(0, 48 * SandboxRig.MIB, 0), Duration.ofDays(1));
    Wanted wanted =
        new Wanted(
            new AttemptKey("tsk_warm", 1, FENCE.incrementAndGet()),
            NetworkAccess.NONE,
            few,
            Map.of());
    try (BodyPlace place = places.open(wanted)) {
      Shown shown = show(place, wanted, "perl -e '$x = q(a) x 150e6; print q(REACHED)'");

      assertThat(shown.text()).doesNotContain("REACHED");
      if (rig.sandbox().limitsScope() == LimitsScope.TREE) {
        assertThat(shown.remains().usage().limitHit()).isEqualTo(KernelHit.MEMORY);
      }
    }
  }

  @Test
  void oneThatDiedWhileItWaitedIsPassedOver() throws Exception {
    rig.survivors().forEach(ProcessHandle::destroyForcibly);
    await().atMost(Duration.ofSeconds(20)).until(() -> places.waiting() == 0);
    Wanted wanted = wanted(Map.of());

    try (BodyPlace place = places.open(wanted)) {
      assertThat(isWarm(place)).isFalse();
      assertThat(show(place, wanted, "echo ran-$((40+2))").text()).contains("ran-42");
    }
  }

  @Test
  void oneThatDiesWhenItsTerminalIsOpenIsReplacedInTheSameTerminal() throws Exception {
    Wanted wanted = wanted(Map.of());
    List<ProcessHandle> waiting = rig.survivors();
    try (BodyPlace place = places.open(wanted);
        CommandPlace own = place.workspace().place("r1");
        Pty pty = place.openTerminal()) {
      waiting.forEach(ProcessHandle::destroyForcibly);
      await().atMost(Duration.ofSeconds(20)).until(() -> environments(waiting).isEmpty());

      SandboxedProcess process = place.launch(command(own, wanted, "tty; echo on-$((40+2))", pty));

      assertThat(read(pty)).contains("/dev/console", "on-42");
      assertThat(process.clear().exitCode()).isZero();
    }
  }

  @Test
  void aWorkspaceThatTookItsDirectorysPlaceIsTheOneThatIsSeen() throws Exception {
    Wanted wanted = wanted(Map.of());
    try (BodyPlace place = places.open(wanted)) {
      Path directory = place.workspace().directory();
      Path spare = Files.createDirectory(directory.resolveSibling("spare"));
      Files.setPosixFilePermissions(spare, Files.getPosixFilePermissions(directory));
      Files.setAttribute(spare, "unix:uid", Files.getAttribute(directory, "unix:uid"));
      Files.writeString(spare.resolve("laid"), "out before");
      Files.move(
          spare,
          directory,
          java.nio.file.StandardCopyOption.ATOMIC_MOVE,
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);

      assertThat(show(place, wanted, "cat laid").text()).contains("out before");
    }
  }

  @Test
  void whoNeedsWhatItDoesNotHaveGetsOneThatIsMade() throws Exception {
    Wanted open =
        new Wanted(
            new AttemptKey("tsk_warm", 1, FENCE.incrementAndGet()),
            NetworkAccess.OPEN,
            SandboxRig.LIMITS,
            Map.of());
    try (BodyPlace place = places.open(open);
        BodyPlace other = places.open(wanted(Map.of("UID", "7")))) {
      assertThat(isWarm(place)).isFalse();
      assertThat(isWarm(other)).isFalse();
    }
    assertThat(places.waiting()).isEqualTo(1);
  }

  @Test
  void aBodyOfOtherLimitsThanCanBeSetAnewGetsOneThatIsMade() throws Exception {
    Limits most = SandboxRig.LIMITS;
    Limits little =
        new Limits(
            most.memoryBytes(),
            most.processes(),
            most.cpuTime(),
            most.outputBytes(),
            most.wallTime(),
            most.openFiles(),
            most.fileBytes(),
            2 * SandboxRig.MIB);
    Wanted wanted =
        new Wanted(
            new AttemptKey("tsk_warm", 1, FENCE.incrementAndGet()),
            NetworkAccess.NONE,
            little,
            Map.of());
    try (BodyPlace place = places.open(wanted)) {
      assertThat(isWarm(place)).isFalse();
      Shown shown = show(place, wanted, "df -k /tmp | tail -1");

      assertThat(shown.text()).containsPattern("tmpfs +2048 ");
    }
    assertThat(places.waiting()).isEqualTo(1);
  }

  @Test
  void manyWordsAreTold() throws Exception {
    Wanted wanted = wanted(Map.of("LONG", "x".repeat(7_000)));
    try (BodyPlace place = places.open(wanted)) {
      assertThat(isWarm(place)).isTrue();

      assertThat(show(place, wanted, "echo ${#LONG}").text()).contains("7000");
    }
  }

  @Test
  void aBodyThatNeverOpensItsTerminalLeavesNothing() throws Exception {
    List<ProcessHandle> waiting = rig.survivors();
    try (BodyPlace place = places.open(wanted(Map.of()))) {
      assertThat(isWarm(place)).isTrue();
    }

    assertThat(waiting).isNotEmpty();
    assertThat(environments(waiting)).isEmpty();
  }

  @Test
  void theSecondTerminalIsOneThatIsMade() throws Exception {
    Wanted wanted = wanted(Map.of());
    try (BodyPlace place = places.open(wanted)) {
      assertThat(show(place, wanted, "echo one > said").remains().exitCode()).isZero();
      assertThat(show(place, wanted, "cat said; tty").text()).contains("one", "/dev/console");
    }
  }
}
