package dev.weft.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.client.MeshApi;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command as it is typed, against the contract over real HTTP. */
class WeftTest {
  @TempDir Path home;
  private FakeGateway gateway;
  private FakeArtifacts artifacts;
  private Map<String, String> environment;
  private InputStream in = InputStream.nullInputStream();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void start() {
    gateway = new FakeGateway();
    artifacts = new FakeArtifacts(home.resolve("mesh"));
    environment =
        new HashMap<>(
            Map.of(
                "WEFT_URL",
                gateway.url(),
                "WEFT_GRPC_URL",
                artifacts.url(),
                "WEFT_TOKEN",
                FakeGateway.TOKEN,
                "WEFT_HOME",
                home.toString()));
  }

  @AfterEach
  void stop() {
    gateway.close();
    artifacts.close();
  }

  @Test
  void runPassesOnOutputApartAndTheExitCode() {
    gateway.task(FakeGateway.task("TASK_STATE_FAILED", 7, "", ""));
    artifacts
        .output()
        .connections(
            List.of(FakeOutput.chunk(1, false, "to out\n"), FakeOutput.chunk(2, true, "to err\n")));

    assertThat(weft("run", "--", "sh", "-c", "exit 7")).isEqualTo(7);

    assertThat(stdout()).isEqualTo("to out\n");
    assertThat(stderr()).isEqualTo("to err\n");
  }

  @Test
  void runSendsArgumentsAsTheyAre() {
    weft(
        "run",
        "--cap",
        "CODING:0.8",
        "--class",
        "p1",
        "--timeout",
        "1m30s",
        "--env",
        "A=b=c",
        "--",
        "printf",
        "[%s]",
        "--cap",
        "",
        "$HOME");

    JsonNode spec = gateway.submitted().getFirst().path("spec");
    assertThat(spec.path("shell").path("argv").toString())
        .isEqualTo("[\"printf\",\"[%s]\",\"--cap\",\"\",\"$HOME\"]");
    assertThat(spec.path("shell").path("environment").path("A").asText()).isEqualTo("b=c");
    assertThat(spec.path("requirements").toString())
        .isEqualTo("{\"capabilities\":[{\"name\":\"CODING\",\"minProficiency\":0.8}]}");
    assertThat(spec.path("priorityClass").asText()).isEqualTo("PRIORITY_CLASS_P1");
    assertThat(spec.path("timeout").asText()).isEqualTo("90s");
    assertThat(spec.path("retryPolicy").path("maxRetries").asInt(-1)).isZero();
  }

  @Test
  void runResumesAfterTheLastEventWhenTheStreamBreaksOff() {
    gateway.streams(List.of(List.of("QUEUED", "RUNNING"), List.of("SUCCEEDED")));

    assertThat(weft("run", "-v", "--", "true")).isZero();

    assertThat(gateway.resumedAfter()).containsExactly("", "conn0.1");
    assertThat(stderr()).contains("RUNNING attempt 1 on wkr_1").contains("SUCCEEDED");
  }

  @Test
  void runGoesOnAtTheNextGatewayWhenOneIsGone() {
    environment.put("WEFT_URL", "http://127.0.0.1:1," + gateway.url());

    assertThat(weft("run", "--", "true")).isZero();
  }

  @Test
  void refusedSubmitIsRepeatedWithTheSameKey() {
    gateway.refuse(2);

    assertThat(weft("submit", "--key", "mine", "--", "true")).isZero();

    assertThat(gateway.submitted()).hasSize(1);
    assertThat(gateway.submitted().getFirst().path("requestId").asText()).isEqualTo("mine");
    assertThat(stdout()).isEqualTo(FakeGateway.TASK + "\n");
  }

  @Test
  void timeLimitMissingCommandAndCancelHaveCodesOfTheirOwn() {
    assertThat(runEndingWith("TASK_STATE_FAILED", "WALL_TIME_LIMIT")).isEqualTo(124);
    assertThat(runEndingWith("TASK_STATE_FAILED", "COMMAND_NOT_FOUND")).isEqualTo(127);
    assertThat(runEndingWith("TASK_STATE_CANCELLED", "CANCELLED_BY_USER")).isEqualTo(130);
    assertThat(runEndingWith("TASK_STATE_EXPIRED", "EXPIRED")).isEqualTo(125);
    assertThat(stderr()).contains("WALL_TIME_LIMIT: said so");
  }

  @Test
  void truncatedOutputIsSaid() {
    ObjectNode task = FakeGateway.task("TASK_STATE_SUCCEEDED", 0, "xxxx", "");
    ((ObjectNode) task.path("result"))
        .put("outputTruncated", true)
        .put("outputBytes", "1000000000");
    gateway.task(task);

    weft("run", "--", "yes");

    assertThat(stderr()).contains("output truncated: kept 4 of 1000000000 bytes");
  }

  @Test
  void stdinAndFilesTravelInTheSpec() throws IOException {
    Path script = Files.writeString(home.resolve("script.sh"), "echo hi");
    in = new ByteArrayInputStream("typed".getBytes(StandardCharsets.UTF_8));

    weft("run", "--stdin", "--file", script + ":bin/x.sh", "--", "sh", "bin/x.sh");

    JsonNode shell = gateway.submitted().getFirst().path("spec").path("shell");
    assertThat(new String(shell.path("stdin").binaryValue(), StandardCharsets.UTF_8))
        .isEqualTo("typed");
    assertThat(shell.path("files").path(0).path("path").asText()).isEqualTo("bin/x.sh");
    assertThat(
            new String(
                shell.path("files").path(0).path("content").binaryValue(), StandardCharsets.UTF_8))
        .isEqualTo("echo hi");
  }

  @Test
  void tooMuchStdinIsRefusedBeforeItIsSent() {
    in = new ByteArrayInputStream(new byte[65537]);

    assertThat(weft("submit", "--stdin", "--", "cat")).isEqualTo(ExitCodes.USAGE);

    assertThat(stderr()).contains("--stdin: more than 65536 bytes");
    assertThat(gateway.submitted()).isEmpty();
  }

  @Test
  void whyNamesWinnerAndThosePassedOver() {
    assertThat(weft("why", FakeGateway.TASK)).isZero();

    assertThat(stdout())
        .contains("attempt 1 -> gpu-tokyo-01")
        .containsPattern("\\* gpu-tokyo-01 +0\\.813 +1\\.000 +0\\.750 +0\\.500 +0\\.900")
        .containsPattern("MISSING_CAPABILITY +1 +browser-useast-03 +CODING");
  }

  @Test
  void whySaysWhatATaskWaitsForThatRanBefore() {
    ObjectNode task = FakeGateway.task("TASK_STATE_QUEUED", 0, "", "");
    gateway.task(task.put("waitingReason", "wait: the tenant's budget"));

    assertThat(weft("why", FakeGateway.TASK)).isZero();

    assertThat(stdout())
        .contains("attempt 1 -> gpu-tokyo-01")
        .endsWith("now: wait: the tenant's budget\n");
  }

  @Test
  void workersShowsTheFleet() {
    assertThat(weft("workers")).isZero();

    assertThat(stdout())
        .containsPattern(
            "gpu-tokyo-01 +READY +gpu +ap-northeast-1 +planning review +1/4 +2\\.5 USD +BUBBLEWRAP +CODING:0\\.95")
        .containsPattern("browser-useast-03 +OFFLINE +- +- +default +0/0");
  }

  @Test
  void aWorkersHealthIsShownLayerByLayerWithItsAgeAndItsLastError() {
    assertThat(weft("workers", "gpu-tokyo-01")).isZero();

    assertThat(stdout())
        .containsPattern("gpu-tokyo-01 +echo +ELIGIBLE +0/3 +- +0\\.7s ago +-")
        .containsPattern("application +DEGRADED +1/2 +- +12\\.0s ago +artifact: no answer\n")
        .containsPattern("deep +OUT +0/1 +1/2 +41\\.3s ago +last: sandbox: no bwrap, 5m12s ago\n");
  }

  @Test
  void layersOfAllWorkersAreShownAndWhyOneHasNone() {
    assertThat(weft("workers", "--layers")).isZero();

    assertThat(stdout())
        .containsPattern("gpu-tokyo-01 +deep ")
        .containsPattern("browser-useast-03 +- +OUT +- +- +2h0m ago +the worker's stream ended\n");
  }

  @Test
  void everyReadingCommandSpeaksJson() throws IOException {
    for (List<String> command :
        List.of(
            List.of("get", FakeGateway.TASK),
            List.of("list"),
            List.of("cost", "day"),
            List.of("workers"),
            List.of("workers", "gpu-tokyo-01"),
            List.of("why", FakeGateway.TASK),
            List.of("cancel", FakeGateway.TASK),
            List.of("drain", "gpu-tokyo-01"),
            List.of("run", "--", "true"),
            List.of("submit", "--", "true"),
            List.of("version"))) {
      out.reset();
      String[] argv = new String[command.size() + 2];
      argv[0] = command.getFirst();
      argv[1] = "-o";
      argv[2] = "json";
      for (int i = 1; i < command.size(); i++) {
        argv[i + 2] = command.get(i);
      }
      assertThat(weft(argv)).as(command.toString()).isZero();
      assertThat(MeshApi.JSON.readTree(stdout()).isContainerNode()).as(stdout()).isTrue();
    }
  }

  @Test
  void errorsAreOneLineWithReasonAndCode() {
    assertThat(weft("get", "tsk_other")).isEqualTo(ExitCodes.NOT_FOUND);
    assertThat(stderr()).isEqualTo("weft: TASK_NOT_FOUND: task: tsk_other\n");
  }

  @Test
  void anEmptyIdIsNoTask() {
    for (String command : List.of("get", "cancel", "why", "logs")) {
      err.reset();
      assertThat(weft(command, "")).as(command).isEqualTo(ExitCodes.USAGE);
      assertThat(stderr()).isEqualTo("weft: task: '' (expected: tsk_ and 26 characters)\n");
    }
  }

  @Test
  void badTokenIsNotAllowedAndNeverPrinted() {
    environment.put("WEFT_TOKEN", "wft_wrong");

    assertThat(weft("workers")).isEqualTo(ExitCodes.UNAUTHORIZED);

    assertThat(stderr()).contains("TOKEN_INVALID").doesNotContain("wft_wrong");
  }

  @Test
  void tokenFileThatOthersCanReadIsRefused() throws IOException {
    environment.remove("WEFT_TOKEN");
    Path token = Files.writeString(home.resolve("token"), FakeGateway.TOKEN + "\n");
    Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));

    assertThat(weft("workers")).isEqualTo(ExitCodes.UNAUTHORIZED);
    assertThat(stderr()).contains("others can read it");

    Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
    assertThat(weft("workers")).isZero();
  }

  @Test
  void tokenNeverGoesOverANetworkInTheClear() {
    environment.put("WEFT_URL", "http://mesh.example:7080");

    assertThat(weft("workers")).isEqualTo(ExitCodes.USAGE);

    assertThat(stderr())
        .contains("http://mesh.example:7080 (expected: https://host:port, or http:// on loopback)");
  }

  @Test
  void localTokenIsNotForOtherMeshes() throws IOException {
    environment.remove("WEFT_TOKEN");
    environment.put("WEFT_URL", "https://mesh.example");
    Files.writeString(home.resolve("token"), "wft_local");

    assertThat(weft("workers")).isEqualTo(ExitCodes.UNAUTHORIZED);

    assertThat(stderr()).contains("WEFT_TOKEN or WEFT_TOKEN_FILE");
  }

  @Test
  void withoutAMeshItSaysHowToStartOne() {
    environment.remove("WEFT_URL");

    assertThat(weft("workers")).isEqualTo(ExitCodes.UNREACHABLE);

    assertThat(stderr()).contains("start it with: weft up");
  }

  @Test
  void wrongCommandLineSaysWhereHelpIs() {
    assertThat(weft("get")).isEqualTo(ExitCodes.USAGE);
    assertThat(weft("run", "--timeout", "soon", "--", "true")).isEqualTo(ExitCodes.USAGE);
    assertThat(weft("list", "-o", "xml")).isEqualTo(ExitCodes.USAGE);

    assertThat(stderr())
        .contains("weft get --help")
        .contains("--timeout: soon (expected: for example 500ms, 30s, 5m, 1h30m)")
        .contains("output: xml (expected: table or json)");
  }

  @Test
  void helpNamesEveryCommand() {
    assertThat(weft("--help")).isZero();

    assertThat(stdout())
        .contains(
            "up", "down", "status", "doctor", "demo", "run", "submit", "get", "list", "cancel",
            "why", "workers", "drain", "local", "version");
  }

  private int runEndingWith(String state, String reason) {
    ObjectNode task = FakeGateway.task(state, 0, "", "");
    task.remove("result");
    task.putObject("problem").put("reason", reason).put("message", "said so");
    gateway.task(task);
    gateway.streams(List.of(List.of(state.replace("TASK_STATE_", ""))));
    return weft("run", "--", "true");
  }

  private int weft(String... arguments) {
    Context context =
        new Context(
            home,
            environment,
            in,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false);
    return Weft.commandLine(context).execute(arguments);
  }

  private String stdout() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String stderr() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
