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
import dev.weft.proto.tasks.v1.SubmitTaskRequest;
import dev.weft.proto.tasks.v1.TaskResult;
import org.junit.jupiter.api.Test;
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

  private static SubmitTaskRequest parse(String json) {
    return ProtoJson.parse(json.getBytes(UTF_8), SubmitTaskRequest.newBuilder()).build();
  }
}
