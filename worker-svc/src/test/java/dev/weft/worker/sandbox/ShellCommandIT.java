package dev.weft.worker.sandbox;

import static dev.weft.worker.sandbox.SandboxRig.combined;
import static dev.weft.worker.sandbox.SandboxRig.reason;
import static dev.weft.worker.sandbox.SandboxRig.stdout;
import static dev.weft.worker.sandbox.SandboxRig.work;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.worker.domain.AttemptResult;
import dev.weft.worker.domain.OutputBuffer;
import dev.weft.worker.domain.SandboxLevel;
import dev.weft.worker.domain.Work;
import dev.weft.worker.domain.Work.Confinement;
import dev.weft.worker.domain.Work.InlineFile;
import dev.weft.worker.domain.Work.NetworkAccess;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a command in a real sandbox sees, and what comes back. */
class ShellCommandIT {

  private static SandboxRig rig;

  @BeforeAll
  static void open() throws Exception {
    rig = SandboxRig.open();
  }

  @AfterAll
  static void close() throws Exception {
    rig.close();
  }

  @Test
  void outputAndSuccessComeBack() {
    AttemptResult result = rig.shell("echo out; echo err >&2");

    assertThat(result.successful()).isTrue();
    assertThat(stdout(result)).isEqualTo("out\n");
    assertThat(combined(result)).contains("out\n").contains("err\n");
    assertThat(result.report().cpuTime()).isPositive();
    assertThat(result.report().peakMemoryBytes()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 126, 127, 128, 255})
  void exitCodePassesThrough(int code) {
    AttemptResult result = rig.shell("exit " + code);

    assertThat(reason(result)).isEqualTo("EXIT_NONZERO");
    assertThat(result.report().exitCode()).isEqualTo(code);
  }

  @Test
  void commandKilledByASignalExitsWith128AndItsNumber() {
    AttemptResult result = rig.shell("kill -9 $$");

    assertThat(reason(result)).isEqualTo("EXIT_NONZERO");
    assertThat(result.report().exitCode()).isEqualTo(137);
  }

  @Test
  void missingCommandHasAReasonOfItsOwn() {
    AttemptResult result = rig.run(List.of("no-such-program", "--flag"));

    assertThat(reason(result)).isEqualTo("COMMAND_NOT_FOUND");
    assertThat(result.failure().orElseThrow().facts()).containsEntry("program", "no-such-program");
  }

  @Test
  void fileThatIsNotExecutableIsNoCommand() {
    AttemptResult result = rig.run(List.of("/etc/passwd"));

    assertThat(reason(result)).isEqualTo("COMMAND_NOT_FOUND");
  }

  @Test
  void argumentsAreNeverReadByAShell() {
    AttemptResult result =
        rig.run(List.of("printf", "%s|", "$(id)", "; rm -rf /", "`x`", "--", "*"));

    assertThat(stdout(result)).isEqualTo("$(id)|; rm -rf /|`x`|--|*|");
  }

  @Test
  void filesStdinEnvironmentAndWorkingDirectoryArriveAsSent() {
    Work.Shell work =
        new Work.Shell(
            List.of("pwd; cat; cat deep/data.txt; ../run.sh; echo $GREETING"),
            true,
            List.of(
                new InlineFile("sub/deep/data.txt", bytes("data\n"), false),
                new InlineFile("run.sh", bytes("#!/bin/sh\necho ran\n"), true)),
            Map.of("GREETING", "hello $USER"),
            bytes("from stdin\n"),
            "sub",
            new Confinement(SandboxLevel.BUBBLEWRAP, NetworkAccess.NONE),
            0);

    AttemptResult result = rig.run(work);

    assertThat(combined(result)).isEqualTo("/workspace/sub\nfrom stdin\ndata\nran\nhello $USER\n");
  }

  @Test
  void environmentHoldsNothingOfTheWorkers() {
    AttemptResult result = rig.run(List.of("env"));

    assertThat(stdout(result).lines().map(line -> line.replaceFirst("=.*", "")))
        .containsExactlyInAnyOrder(
            "PATH",
            "HOME",
            "USER",
            "LANG",
            "TMPDIR",
            "PWD",
            "WEFT_TASK_ID",
            "WEFT_ATTEMPT",
            "WEFT_USAGE");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LD_PRELOAD",
        "LD_LIBRARY_PATH",
        "LD_AUDIT",
        "GLIBC_TUNABLES",
        "WEFT_TASK_ID",
        "A=B",
        "1A",
        ""
      })
  void variablesThatCouldSubvertTheStartAreRefused(String name) {
    AttemptResult result = rig.run(work(List.of("true"), List.of(), Map.of(name, "x")));

    assertThat(reason(result)).isEqualTo("INVALID_FIELD");
  }

  @Test
  void outputIsCutAtItsBoundAndSaysSo() {
    AttemptResult result = rig.shell("head -c 1000000 /dev/zero | tr '\\0' x; echo end >&2");

    assertThat(result.successful()).isTrue();
    assertThat(result.report().output().truncated()).isTrue();
    assertThat(result.report().output().combined()).hasSize(OutputBuffer.KEPT_BYTES);
    assertThat(result.report().output().totalBytes()).isEqualTo(1_000_004);
  }

  @Test
  void workspaceIsWritableAndNothingElseIs() {
    AttemptResult result =
        rig.shell(
            "for d in / /usr /etc /dev /proc /workspace /tmp /dev/shm /bin /var; do"
                + " (echo x > $d/probe) 2>/dev/null && echo $d; done");

    assertThat(stdout(result).lines()).containsExactly("/workspace", "/tmp", "/dev/shm");
  }

  @Test
  void networkThatTheWorkerDoesNotOpenIsRefused() {
    Work.Shell open =
        new Work.Shell(
            List.of("true"),
            false,
            List.of(),
            Map.of(),
            new byte[0],
            "",
            new Confinement(SandboxLevel.BUBBLEWRAP, NetworkAccess.OPEN),
            0);

    assertThat(reason(rig.run(open))).isEqualTo("INVALID_FIELD");
  }

  @Test
  void strongerSandboxThanTheWorkersIsRefused() {
    Work.Shell strong =
        new Work.Shell(
            List.of("true"),
            false,
            List.of(),
            Map.of(),
            new byte[0],
            "",
            new Confinement(SandboxLevel.MICROVM, NetworkAccess.NONE),
            0);

    assertThat(reason(rig.run(strong))).isEqualTo("INVALID_FIELD");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
