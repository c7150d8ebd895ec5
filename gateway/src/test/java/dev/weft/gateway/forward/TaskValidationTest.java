package dev.weft.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.UnknownFieldSet;
import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.domain.NotSupportedYet;
import dev.weft.gateway.domain.TaskRules;
import dev.weft.gateway.domain.Violation;
import dev.weft.proto.tasks.v1.Budget;
import dev.weft.proto.tasks.v1.CapabilityRequirement;
import dev.weft.proto.tasks.v1.Complexity;
import dev.weft.proto.tasks.v1.InlineFile;
import dev.weft.proto.tasks.v1.NetworkAccess;
import dev.weft.proto.tasks.v1.NoopExecutor;
import dev.weft.proto.tasks.v1.OnLost;
import dev.weft.proto.tasks.v1.PriorityClass;
import dev.weft.proto.tasks.v1.Requirements;
import dev.weft.proto.tasks.v1.Resources;
import dev.weft.proto.tasks.v1.RetryPolicy;
import dev.weft.proto.tasks.v1.SandboxLevel;
import dev.weft.proto.tasks.v1.ShellExecutor;
import dev.weft.proto.tasks.v1.SubmitTaskRequest;
import dev.weft.proto.tasks.v1.TaskSpec;
import dev.weft.proto.tasks.v1.WorkspaceCapture;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every bound of tasks.proto, on both sides of it. */
class TaskValidationTest {

  private static Arguments bad(String field, String text, Consumer<TaskSpec.Builder> change) {
    return Arguments.of(field, text, change);
  }

  private static Arguments shell(
      String field, String text, Consumer<ShellExecutor.Builder> change) {
    return bad(field, text, spec -> change.accept(spec.getShellBuilder()));
  }

  private static Arguments shell(
      String field, String text, Consumer<ShellExecutor.Builder> change, Complexity complexity) {
    return bad(
        field, text, spec -> change.accept(spec.setComplexity(complexity).getShellBuilder()));
  }

  private static Arguments needs(String field, String text, Consumer<Requirements.Builder> change) {
    return bad(field, text, spec -> change.accept(spec.getRequirementsBuilder()));
  }

  private static Budget budget(long micros, String currency) {
    return Budget.newBuilder().setMicros(micros).setCurrencyCode(currency).build();
  }

  private static Budget tokens(long micros, String currency, long tokens) {
    return budget(micros, currency).toBuilder().setLlmTokens(tokens).build();
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        bad("spec.executor", "none", TaskSpec.Builder::clearExecutor),
        shell("spec.shell.argv", "empty", ShellExecutor.Builder::clearArgv),
        shell("spec.shell.argv", "2 elements", s -> s.setUseShell(true).addArgv("x")),
        shell("spec.shell.argv[0]", "blank", s -> s.setArgv(0, " ")),
        shell("spec.shell.argv[1]", "\uFFFD", s -> s.addArgv("\0")),
        shell(
            "spec.shell.argv",
            "65537 bytes with environment",
            s -> s.setArgv(0, "x".repeat(65_537))),
        shell("spec.shell.environment", "1A", s -> s.putEnvironment("1A", "")),
        bad("spec.complexity", "9", s -> s.setComplexityValue(9)),
        bad(
            "spec.priority_class",
            "PRIORITY_CLASS_P3",
            s ->
                s.setComplexity(Complexity.COMPLEXITY_EMERGENCY)
                    .setPriorityClass(PriorityClass.PRIORITY_CLASS_P3)),
        bad(
            "spec.not_before",
            "300s",
            s ->
                s.setComplexity(Complexity.COMPLEXITY_EMERGENCY)
                    .setNotBefore(Duration.newBuilder().setSeconds(300))),
        shell(
            "spec.shell.environment",
            "WEFT_MODEL_TIER",
            s -> s.putEnvironment("WEFT_MODEL_TIER", "large"),
            Complexity.COMPLEXITY_AUTO),
        shell("spec.shell.environment", "A=B", s -> s.putEnvironment("A=B", "")),
        shell("spec.shell.environment", "", s -> s.putEnvironment("", "")),
        shell("spec.shell.environment[A]", "x\uFFFDy", s -> s.putEnvironment("A", "x\0y")),
        shell("spec.shell.files", "65537 bytes with stdin", s -> s.setStdin(bytes(65_537))),
        shell(
            "spec.shell.files",
            "65537 bytes with stdin",
            s -> s.setStdin(bytes(1)).addFiles(file("a", 65_536))),
        shell(
            "spec.shell.files",
            "257 files",
            s -> IntStream.range(0, 257).forEach(i -> s.addFiles(file("f" + i, 0)))),
        shell(
            "spec.shell.files[1].path", "a", s -> s.addFiles(file("a", 1)).addFiles(file("a", 1))),
        shell(
            "spec.shell.files[1].path",
            "a/b",
            s -> s.addFiles(file("a", 1)).addFiles(file("a/b", 1))),
        shell("spec.shell.working_directory", "/tmp", s -> s.setWorkingDirectory("/tmp")),
        shell("spec.shell.working_directory", "a/../../b", s -> s.setWorkingDirectory("a/../../b")),
        bad(
            "spec.noop.payload",
            "65537 bytes",
            s -> s.setNoop(NoopExecutor.newBuilder().setPayload(bytes(65_537)))),
        needs(
            "spec.requirements.capabilities",
            "33 capabilities",
            n -> IntStream.range(0, 33).forEach(i -> n.addCapabilities(skill("C" + i, 0)))),
        needs(
            "spec.requirements.capabilities[0].name",
            "empty",
            n -> n.addCapabilities(skill("", 0))),
        needs(
            "spec.requirements.capabilities[0].name",
            "65 characters",
            n -> n.addCapabilities(skill("C".repeat(65), 0))),
        needs(
            "spec.requirements.capabilities[1].name",
            "C",
            n -> n.addCapabilities(skill("C", 0)).addCapabilities(skill("C", 1))),
        needs(
            "spec.requirements.capabilities[0].min_proficiency",
            "1.01",
            n -> n.addCapabilities(skill("C", 1.01))),
        needs(
            "spec.requirements.capabilities[0].min_proficiency",
            "-0.1",
            n -> n.addCapabilities(skill("C", -0.1))),
        needs(
            "spec.requirements.capabilities[0].min_proficiency",
            "NaN",
            n -> n.addCapabilities(skill("C", Double.NaN))),
        needs("spec.requirements.gpus", "0", n -> n.setGpuMemoryBytes(1)),
        needs("spec.requirements.gpus", "18446744073709551615", n -> n.setGpus(-1)),
        needs("spec.requirements.region", "65 characters", n -> n.setRegion("r".repeat(65))),
        needs("spec.requirements.llm_model", "129 characters", n -> n.setLlmModel("m".repeat(129))),
        needs("spec.requirements.llm_model", "empty", n -> n.setLlmMinContext(1)),
        bad(
            "spec.resources.memory_bytes",
            "18446744073709551615",
            s -> s.setResources(Resources.newBuilder().setMemoryBytes(-1))),
        bad("spec.priority_class", "99", s -> s.setPriorityClassValue(99)),
        bad("spec.on_lost", "99", s -> s.setOnLostValue(99)),
        bad("spec.network_access", "99", s -> s.setNetworkAccessValue(99)),
        bad("spec.sandbox_level", "-1", s -> s.setSandboxLevelValue(-1)),
        bad("spec.expiry", "0s", s -> s.setExpiry(seconds(0))),
        bad("spec.expiry", "-5s", s -> s.setExpiry(seconds(-5))),
        bad("spec.expiry", "2592001s", s -> s.setExpiry(seconds(2_592_001))),
        bad(
            "spec.expiry",
            "1 s -1 ns",
            s -> s.setExpiry(Duration.newBuilder().setSeconds(1).setNanos(-1))),
        bad("spec.expiry", "9223372036854775807 s 0 ns", s -> s.setExpiry(seconds(Long.MAX_VALUE))),
        bad(
            "spec.expiry",
            "-9223372036854775808 s 0 ns",
            s -> s.setExpiry(seconds(Long.MIN_VALUE))),
        bad("spec.not_before", "-1s", s -> s.setNotBefore(seconds(-1))),
        bad("spec.not_before", "3600s", s -> s.setNotBefore(seconds(3600))),
        bad(
            "spec.not_before",
            "300s",
            s -> s.setNotBefore(seconds(300)).setPriorityClass(PriorityClass.PRIORITY_CLASS_P0)),
        bad("spec.not_before", "20s", s -> s.setNotBefore(seconds(20)).setExpiry(seconds(10))),
        bad("spec.timeout", "86401s", s -> s.setTimeout(seconds(86_401))),
        bad("spec.timeout", "0s", s -> s.setTimeout(seconds(0))),
        bad(
            "spec.retry_policy.max_retries",
            "21",
            s -> s.setRetryPolicy(RetryPolicy.newBuilder().setMaxRetries(21))),
        bad(
            "spec.retry_policy.initial_backoff",
            "0s",
            s -> s.setRetryPolicy(RetryPolicy.newBuilder().setInitialBackoff(seconds(0)))),
        bad(
            "spec.retry_policy.max_backoff",
            "1s",
            s ->
                s.setRetryPolicy(
                    RetryPolicy.newBuilder()
                        .setInitialBackoff(seconds(2))
                        .setMaxBackoff(seconds(1)))),
        bad("spec.deadline", "0s", s -> s.setDeadline(seconds(0))),
        bad("spec.deadline", "2073601s", s -> s.setDeadline(seconds(2_073_601))),
        bad("spec.queue", "Planning", s -> s.setQueue("Planning")),
        bad("spec.queue", "q".repeat(64), s -> s.setQueue("q".repeat(64))),
        bad("spec.preemptible", "true", s -> s.setPreemptible(true).setOnLost(OnLost.ON_LOST_FAIL)),
        bad("spec.workspace_capture", "9", s -> s.setWorkspaceCaptureValue(9)),
        bad("spec.workspace_artifact", "x", s -> s.setWorkspaceArtifact("x")),
        bad(
            "spec.workspace_artifact",
            "art_" + "A".repeat(26),
            s -> s.setWorkspaceArtifact("art_" + "A".repeat(26))),
        bad("spec.secrets[0]", "(not shown)", s -> s.addSecrets("secret://x")),
        bad("spec.secrets[0]", "(not shown)", s -> s.addSecrets("1A=secret://x")),
        bad("spec.secrets[0]", "(not shown)", s -> s.addSecrets("A=secret:x")),
        bad("spec.secrets[0]", "(not shown)", s -> s.addSecrets("A=secret://")),
        bad("spec.secrets[0]", "(not shown)", s -> s.addSecrets("A=secret://..")),
        bad("spec.secrets[0]", "(not shown)", s -> s.addSecrets("A=secret://x/y")),
        bad(
            "spec.secrets[1]",
            "A=secret://y",
            s -> s.addSecrets("A=secret://x").addSecrets("A=secret://y")),
        bad(
            "spec.secrets[0]",
            "A=secret://x",
            s -> s.addSecrets("A=secret://x").getShellBuilder().putEnvironment("A", "a")),
        bad(
            "spec.secrets",
            "33 secrets",
            s -> IntStream.range(0, 33).forEach(i -> s.addSecrets("A" + i + "=secret://x"))),
        bad(
            "spec.secrets",
            "1 secrets",
            s -> s.setNoop(NoopExecutor.getDefaultInstance()).addSecrets("A=secret://x")),
        bad("spec.display_name", "129 characters", s -> s.setDisplayName("n".repeat(129))),
        bad("spec.budget.micros", "0", s -> s.setBudget(budget(0, "USD"))),
        bad("spec.budget.micros", "-1", s -> s.setBudget(budget(-1, "USD"))),
        bad("spec.budget.currency_code", "", s -> s.setBudget(budget(1, ""))),
        bad("spec.budget.currency_code", "Dollars", s -> s.setBudget(budget(1, "Dollars"))),
        bad("spec.budget.currency_code", "USX", s -> s.setBudget(budget(1, "USX"))),
        bad("spec.budget.llm_tokens", "-1", s -> s.setBudget(tokens(0, "", -1))),
        bad("spec.budget.micros", "0", s -> s.setBudget(tokens(0, "USD", 1))),
        bad("spec.budget.currency_code", "", s -> s.setBudget(tokens(1, "", 1))),
        bad(
            "spec.budget.llm_tokens",
            "1000000000000001",
            s -> s.setBudget(tokens(0, "", 1_000_000_000_000_001L))),
        bad("spec.affinity_key", "129 characters", s -> s.setAffinityKey("k".repeat(129))),
        bad("spec.user", "129 characters", s -> s.setUser("u".repeat(129))),
        bad("spec.affinity_key", "a\uFFFD[31m", s -> s.setAffinityKey("a\u001b[31m")),
        bad("spec.display_name", "a\uFFFD[31m", s -> s.setDisplayName("a\u001b[31m")));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void aFaultNamesFieldAndValue(String field, String value, Consumer<TaskSpec.Builder> change) {
    TaskSpec.Builder spec = wellFormed();
    change.accept(spec);

    InvalidRequest refusal = catchThrowableOfType(InvalidRequest.class, () -> check(spec));

    assertThat(refusal).as("refused").isNotNull();
    assertThat(refusal.violations()).extracting(Violation::field).contains(field);
    assertThat(refusal.violations()).extracting(Violation::value).contains(value);
    assertThat(refusal.getMessage()).contains("(expected: ");
  }

  static Stream<Arguments> later() {
    return Stream.of(
        bad("spec.network_access", "", s -> s.setNetworkAccess(NetworkAccess.NETWORK_ACCESS_ALLOW)),
        bad("spec.#33", "", s -> s.setUnknownFields(unknown(33))),
        bad("spec.shell.#9", "", s -> s.getShellBuilder().setUnknownFields(unknown(9))),
        bad(
            "spec.shell.files[0].#9",
            "",
            s ->
                s.getShellBuilder()
                    .addFiles(file("a", 0).toBuilder().setUnknownFields(unknown(9)))));
  }

  @ParameterizedTest
  @MethodSource("later")
  void aFieldOfALaterReleaseIsRefusedByName(
      String field, String unused, Consumer<TaskSpec.Builder> change) {
    TaskSpec.Builder spec = wellFormed();
    change.accept(spec);

    NotSupportedYet refusal = catchThrowableOfType(NotSupportedYet.class, () -> check(spec));

    assertThat(refusal).as("refused").isNotNull();
    assertThat(refusal.field()).isEqualTo(field);
  }

  static Stream<Consumer<TaskSpec.Builder>> bounds() {
    return Stream.of(
        spec -> {},
        spec -> spec.setNoop(NoopExecutor.newBuilder().setPayload(bytes(65_536))),
        spec -> spec.getShellBuilder().setUseShell(true),
        spec -> spec.setAffinityKey("ü".repeat(128)),
        spec -> spec.setUser("ü".repeat(128)),
        spec -> spec.setBudget(budget(1, "USD")),
        spec -> spec.setBudget(budget(Long.MAX_VALUE, "CHF")),
        spec -> spec.setBudget(tokens(0, "", 1_000_000_000_000_000L)),
        spec -> spec.setBudget(tokens(1, "CHF", 1)),
        spec -> spec.getShellBuilder().setStdin(bytes(65_536)),
        spec -> spec.getShellBuilder().setWorkingDirectory("a/b"),
        spec -> spec.getShellBuilder().addFiles(file("a/b", 1)).addFiles(file("a/c", 1)),
        spec -> spec.getShellBuilder().putEnvironment("_a9", "x\ny"),
        spec ->
            spec.getRequirementsBuilder()
                .setGpus(1000)
                .setGpuMemoryBytes(Long.MAX_VALUE)
                .setRegion("moon"),
        spec -> spec.getRequirementsBuilder().addCapabilities(skill("NOBODY_HAS_THIS", 1)),
        spec ->
            spec.setResources(
                Resources.newBuilder()
                    .setCpuMilli(Integer.MAX_VALUE)
                    .setMemoryBytes(Long.MAX_VALUE)),
        spec -> spec.setExpiry(seconds(2_592_000)).setNotBefore(seconds(2_591_999)),
        spec ->
            spec.setPriorityClass(PriorityClass.PRIORITY_CLASS_P6).setNotBefore(seconds(86_399)),
        spec ->
            spec.setTimeout(seconds(86_400))
                .setRetryPolicy(RetryPolicy.newBuilder().setMaxRetries(20)),
        spec ->
            spec.setNetworkAccess(NetworkAccess.NETWORK_ACCESS_OPEN)
                .setSandboxLevel(SandboxLevel.SANDBOX_LEVEL_MICROVM),
        spec ->
            spec.setWorkspaceArtifact("art_" + "0".repeat(26))
                .setWorkspaceCapture(WorkspaceCapture.WORKSPACE_CAPTURE_CHANGES),
        spec -> spec.addSecrets("A=secret://x").addSecrets("_B9=secret://x.y-Z_0"),
        spec -> spec.setDeadline(seconds(2_073_600)).setExpiry(seconds(1)),
        spec -> spec.setDeadline(Duration.newBuilder().setNanos(1_000_000)),
        spec -> spec.setQueue("plan_task-1").setPreemptible(true),
        spec -> spec.setQueue("q".repeat(63)).setOnLost(OnLost.ON_LOST_FAIL),
        spec -> spec.setDisplayName("n".repeat(128)));
  }

  @ParameterizedTest
  @MethodSource("bounds")
  void whatIsWithinTheBoundsIsAccepted(Consumer<TaskSpec.Builder> change) {
    TaskSpec.Builder spec = wellFormed();
    change.accept(spec);

    assertThatCode(() -> check(spec)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/etc/passwd",
        "..",
        "../a",
        "a/..",
        "a/../b",
        "a//b",
        "a/",
        "./a",
        ".",
        "a/./b",
        "..\\a",
        "a\\b",
        "a\0b",
        "a\nb",
        "//a",
        "a/../../..",
        "\ud800"
      })
  void aPathThatCouldLeadOutIsRefused(String path) {
    TaskSpec.Builder spec = wellFormed();
    spec.getShellBuilder().addFiles(file(path, 1));

    InvalidRequest refusal = catchThrowableOfType(InvalidRequest.class, () -> check(spec));

    assertThat(refusal).as("refused").isNotNull();
    assertThat(refusal.violations())
        .extracting(Violation::field)
        .contains("spec.shell.files[0].path");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a", "a/b.txt", "...", "..a", "%2e%2e/x", "%252e", "~", "ä/ö", "．．/a", "-rf"})
  void aPathThatOnlyLooksStrangeIsItself(String path) {
    TaskSpec.Builder spec = wellFormed();
    spec.getShellBuilder().addFiles(file(path, 1));

    assertThatCode(() -> check(spec)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(ints = {129, 5000})
  void anIdempotencyKeyIsBounded(int length) {
    SubmitTaskRequest request =
        SubmitTaskRequest.newBuilder()
            .setRequestId("k".repeat(length))
            .setSpec(wellFormed())
            .build();

    InvalidRequest refusal =
        catchThrowableOfType(
            InvalidRequest.class, () -> TaskRules.check(TaskDraftMapper.of(request)));

    assertThat(refusal.violations())
        .isEqualTo(
            List.of(new Violation("request_id", length + " characters", "at most 128 characters")));
  }

  private static void check(TaskSpec.Builder spec) {
    TaskRules.check(TaskDraftMapper.of(SubmitTaskRequest.newBuilder().setSpec(spec).build()));
  }

  static TaskSpec.Builder wellFormed() {
    return TaskSpec.newBuilder().setShell(ShellExecutor.newBuilder().addArgv("true"));
  }

  private static CapabilityRequirement skill(String name, double proficiency) {
    return CapabilityRequirement.newBuilder().setName(name).setMinProficiency(proficiency).build();
  }

  private static InlineFile file(String path, int size) {
    return InlineFile.newBuilder().setPath(path).setContent(bytes(size)).build();
  }

  private static ByteString bytes(int size) {
    return ByteString.copyFrom(new byte[size]);
  }

  private static Duration seconds(long seconds) {
    return Duration.newBuilder().setSeconds(seconds).build();
  }

  private static UnknownFieldSet unknown(int number) {
    return UnknownFieldSet.newBuilder()
        .addField(number, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
        .build();
  }
}
