package dev.weft.gateway.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.util.Durations;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.domain.Violation;
import dev.weft.platform.error.MeshException;
import dev.weft.proto.internal.work.v1.Capacity;
import dev.weft.proto.tasks.v1.PriorityClass;
import dev.weft.proto.tasks.v1.SubmitTaskRequest;
import dev.weft.proto.tasks.v1.TaskResult;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProtoJsonTest {

  @Test
  void readsTheCanonicalMapping() {
    SubmitTaskRequest request =
        parse(
            """
            {"requestId":"k","spec":{"shell":{"argv":["echo","ä"],"stdin":"aGk=","useShell":false},
             "priorityClass":"PRIORITY_CLASS_P1","timeout":"3.5s",
             "resources":{"memoryBytes":"9007199254740993"}}}
            """);

    assertThat(request.getSpec().getShell().getStdin().toStringUtf8()).isEqualTo("hi");
    assertThat(Durations.toMillis(request.getSpec().getTimeout())).isEqualTo(3500);
    assertThat(request.getSpec().getResources().getMemoryBytes()).isEqualTo(9_007_199_254_740_993L);
  }

  @Test
  void writesZeroesSinceTheyMeanSomething() {
    assertThat(ProtoJson.print(TaskResult.getDefaultInstance())).contains("\"exitCode\":0");
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"spec\":{\"shell\":{\"argv\":[\"a\"],\"shel\":1}}}',shel,weft.tasks.v1.ShellExecutor",
    "'{\"nonsense\":{}}',nonsense,weft.tasks.v1.SubmitTaskRequest",
    "'{\"spec\":{\"llm\":{}}}',llm,weft.tasks.v1.TaskSpec"
  })
  void anUnknownFieldIsNamed(String json, String field, String message) {
    InvalidRequest refusal = catchThrowableOfType(InvalidRequest.class, () -> parse(json));

    assertThat(refusal.violations())
        .containsExactly(new Violation(field, "set", "a field of " + message));
  }

  @Test
  void anUnknownEnumValueIsNamed() {
    InvalidRequest refusal =
        catchThrowableOfType(
            InvalidRequest.class, () -> parse("{\"spec\":{\"priorityClass\":\"P9\"}}"));

    assertThat(refusal.getMessage()).contains("PriorityClass: P9");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[]",
        "1",
        "\"x\"",
        "{\"requestId\":1.5e}",
        "{\"spec\":[]}",
        "{\"spec\":{\"shell\":{\"argv\":\"a\"}}}",
        "{\"spec\":{\"timeout\":\"soon\"}}",
        "{\"spec\":{\"shell\":{\"stdin\":\"*\"}}}",
        "{\"requestId\":\"a\",\"requestId\":\"b\"}",
        "{\"spec\":{\"noop\":{},\"shell\":{}}}",
        "{\"spec\":{\"resources\":{\"cpuMilli\":-1}}}",
        "{}{}",
        "nul",
        "{'requestId':}"
      })
  void whatIsNoRequestIsMalformedAndNothingElse(String json) {
    Throwable refusal = catchThrowable(() -> parse(json));

    assertThat(refusal)
        .isInstanceOfSatisfying(
            MeshException.class,
            e -> assertThat(e.reason()).isEqualTo(GatewayReason.MALFORMED_MESSAGE));
  }

  @Test
  void deepNestingAndBadUnicodeAreMalformed() {
    String deep = "{\"spec\":".repeat(100_000);
    assertThat(catchThrowable(() -> parse(deep))).isInstanceOf(MeshException.class);
    assertThat(
            catchThrowable(
                () ->
                    ProtoJson.parse(
                        new byte[] {'{', '"', (byte) 0xff, '"', '}'},
                        SubmitTaskRequest.newBuilder())))
        .isInstanceOf(MeshException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"spec\":{\"resources\":{\"memoryBytes\":1e900000000}}}",
        "{\"spec\":{\"resources\":{\"memoryBytes\":\"1e900000000\"}}}",
        "{\"spec\":{\"resources\":{\"memory_bytes\":\"1E+0900000000\"}}}",
        "{\"spec\":{\"resources\":{\"memoryBytes\":\"1e2000000000\"}}}",
        "{\"spec\":{\"resources\":{\"memoryBytes\":\"1e٩٠٠٠٠٠٠٠٠\"}}}",
        "{\"spec\":{\"resources\":{\"cpuMilli\":[1e-900000000]}}}",
        "{\"spec\":{\"priorityClass\":1e900000000}}",
        "{\"spec\":{\"shell\":{\"argv\":[1e900000000]}}}",
        "{\"unknown\":{\"deeper\":[[1e900000000]]}}"
      })
  @Timeout(5)
  void aNumberThatExpandsIsMalformedAtOnce(String json) {
    assertMalformed(() -> parse(json));
    assertThat(catchThrowable(() -> parse(json))).hasMessageStartingWith("body: number: ");
  }

  @Test
  @Timeout(5)
  void aNumberOfManyDigitsIsMalformedAtOnce() {
    String digits = "9".repeat(1_900_000);

    assertMalformed(() -> parse("{\"spec\":{\"resources\":{\"cpuMilli\":" + digits + "}}}"));
    assertMalformed(() -> parse("{\"spec\":{\"resources\":{\"cpuMilli\":\"" + digits + "\"}}}"));
    assertMalformed(() -> parse("{\"spec\":{\"priorityClass\":\"" + digits + "\"}}"));
  }

  @Test
  @Timeout(5)
  void aNumberInAMapExpandsNoMoreThanElsewhere() {
    assertMalformed(
        () ->
            ProtoJson.parse(
                "{\"executorSlots\":{\"noop\":\"1e900000000\"}}".getBytes(UTF_8),
                Capacity.newBuilder()));
  }

  @Test
  void aTextMayLookLikeAnyNumber() {
    String digits = "1".repeat(200);

    SubmitTaskRequest request =
        parse(
            """
            {"spec":{"shell":{"argv":["1e999999999","%s"],"environment":{"1e999999999":"1e999999999"}},
             "resources":{"memoryBytes":"1e3","cpuMilli":5e+2},"priorityClass":"2"}}
            """
                .formatted(digits));

    assertThat(request.getSpec().getShell().getArgvList()).containsExactly("1e999999999", digits);
    assertThat(request.getSpec().getShell().getEnvironmentMap())
        .containsEntry("1e999999999", "1e999999999");
    assertThat(request.getSpec().getResources().getMemoryBytes()).isEqualTo(1000);
    assertThat(request.getSpec().getResources().getCpuMilli()).isEqualTo(500);
    assertThat(request.getSpec().getPriorityClass()).isEqualTo(PriorityClass.forNumber(2));
  }

  private static void assertMalformed(ThrowingCallable call) {
    assertThat(catchThrowable(call))
        .isInstanceOfSatisfying(
            MeshException.class,
            e -> assertThat(e.reason()).isEqualTo(GatewayReason.MALFORMED_MESSAGE));
  }

  private static SubmitTaskRequest parse(String json) {
    return ProtoJson.parse(json.getBytes(UTF_8), SubmitTaskRequest.newBuilder()).build();
  }
}
