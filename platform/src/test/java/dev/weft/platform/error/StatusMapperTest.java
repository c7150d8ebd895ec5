package dev.weft.platform.error;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.ErrorInfo;
import dev.weft.platform.testing.ErrorCatalogue;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class StatusMapperTest {

  private static final Metadata.Key<String> HINT =
      Metadata.Key.of("hint", Metadata.ASCII_STRING_MARSHALLER);

  @Test
  void reasonTextMetadataAndRetrySurviveTheWire() {
    MeshException thrown =
        new MeshException(CommonReason.NOT_HOLDER, "cell: 0 (expected: held here)")
            .with("address", "127.0.0.1:7110")
            .with("epoch", 12L)
            .retryAfter(Duration.ofMillis(1500));

    MeshProblem read = StatusMapper.fromStatus(StatusMapper.toStatus(thrown));

    assertThat(read)
        .isEqualTo(
            new MeshProblem(
                Code.FAILED_PRECONDITION,
                "NOT_HOLDER",
                "cell: 0 (expected: held here)",
                Map.of("address", "127.0.0.1:7110", "epoch", "12"),
                thrown.retryAfter()));
    assertThat(read.is(CommonReason.NOT_HOLDER)).isTrue();
    assertThat(read.is(CommonReason.INTERNAL)).isFalse();
  }

  @ParameterizedTest
  @EnumSource(CommonReason.class)
  void everyReasonTravelsWithItsCodeInOneErrorInfo(CommonReason reason) {
    StatusRuntimeException mapped = StatusMapper.toStatus(new MeshException(reason, "text"));

    assertThat(mapped.getStatus().getCode()).isEqualTo(reason.code());
    com.google.rpc.Status status = StatusProto.fromThrowable(mapped);
    assertThat(status.getDetailsList()).hasSize(1);
    assertThat(status.getDetails(0).is(ErrorInfo.class)).isTrue();
    assertThat(StatusMapper.fromStatus(mapped).reason()).isEqualTo(reason.name());
  }

  @ParameterizedTest
  @EnumSource(value = Code.class, names = "OK", mode = Mode.EXCLUDE)
  void aBareStatusGetsTheReasonOfItsCodeAndKeepsItsTrailers(Code code) {
    Metadata trailers = new Metadata();
    trailers.put(HINT, "kept");

    StatusRuntimeException mapped =
        StatusMapper.toStatus(
            code.toStatus().withDescription("as it was").asRuntimeException(trailers));

    MeshProblem read = StatusMapper.fromStatus(mapped);
    assertThat(read.code()).isEqualTo(code);
    assertThat(read.reason()).isEqualTo(code.name());
    assertThat(read.message()).isEqualTo("as it was");
    assertThat(mapped.getTrailers().get(HINT)).isEqualTo("kept");
  }

  @Test
  void aCallThatItsDyingConnectionNeverTookIsUnavailable() {
    StatusRuntimeException local =
        Status.UNKNOWN
            .withDescription("channel closed")
            .withCause(new ClosedChannelException())
            .asRuntimeException();

    assertThat(StatusMapper.fromStatus(local).reason()).isEqualTo("UNAVAILABLE");
    assertThat(StatusMapper.toStatus(local).getStatus().getCode()).isEqualTo(Code.UNAVAILABLE);
  }

  @Test
  void anAnswerWithDetailsPassesUnchanged() {
    StatusRuntimeException first =
        StatusMapper.toStatus(new MeshException(CommonReason.UNAVAILABLE, "later"));

    StatusRuntimeException again = StatusMapper.toStatus(first);

    assertThat(StatusProto.fromThrowable(again)).isEqualTo(StatusProto.fromThrowable(first));
  }

  @Test
  void anUnforeseenFailureTellsTheCallerNothingOfItself() {
    Exception secret = new IllegalStateException("password=hunter2");

    StatusRuntimeException mapped = StatusMapper.toStatus(secret);

    assertThat(mapped.getStatus().getCode()).isEqualTo(Code.INTERNAL);
    assertThat(StatusProto.fromThrowable(mapped).toString()).doesNotContain("hunter2");
    assertThat(mapped.getStatus().getDescription()).doesNotContain("hunter2");
    assertThat(mapped).hasCause(secret);
  }

  @Test
  void wrappersOfFuturesAreTakenOff() {
    MeshException inner = new MeshException(CommonReason.NOT_FOUND, "no");

    StatusRuntimeException mapped =
        StatusMapper.toStatus(new CompletionException(new ExecutionException(inner)));

    assertThat(mapped.getStatus().getCode()).isEqualTo(Code.NOT_FOUND);
    assertThat(mapped).hasCause(inner);
  }

  @Test
  void cancellationAndTimeoutKeepTheirMeaning() {
    assertThat(StatusMapper.fromStatus(new CancellationException()).code())
        .isEqualTo(Code.CANCELLED);
    assertThat(StatusMapper.fromStatus(new TimeoutException()).code())
        .isEqualTo(Code.DEADLINE_EXCEEDED);
  }

  @Test
  void anAnswerFromStrangersIsReadByItsCode() {
    MeshProblem read =
        StatusMapper.fromStatus(Status.UNAVAILABLE.withDescription("io").asRuntimeException());

    assertThat(read.reason()).isEqualTo("UNAVAILABLE");
    assertThat(read.message()).isEqualTo("io");
    assertThat(read.metadata()).isEmpty();
    assertThat(read.retryAfter()).isEmpty();
  }

  @Test
  void anInvalidFieldNamesFieldValueAndExpectation() {
    MeshProblem read = StatusMapper.fromStatus(MeshException.invalidField("ttl", -5, "> 0"));

    assertThat(read.message()).isEqualTo("ttl: -5 (expected: > 0)");
    assertThat(read.metadata())
        .containsOnly(
            Map.entry("field", "ttl"), Map.entry("value", "-5"), Map.entry("expected", "> 0"));
  }

  @Test
  void everyCommonReasonIsInTheDocumentedTable() {
    ErrorCatalogue.verify(CommonReason.class);
  }
}
