package dev.weft.platform.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.testing.InProcessMesh;
import dev.weft.platform.testing.RawMethods;
import dev.weft.platform.testing.SettableTicker;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.stub.ClientCalls;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MetricsInterceptorsTest {

  private final SettableTicker ticker = new SettableTicker();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void aUnaryCallIsTimedOnBothSidesWithTheCodeThatWasSent() {
    try (InProcessMesh mesh = mesh()) {
      call(mesh, "ok");
      call(mesh, "ok");
      assertThat(catchThrowable(() -> call(mesh, "bad"))).isNotNull();
    }

    for (String name : List.of(MetricNames.RPC_CLIENT, MetricNames.RPC_SERVER)) {
      Timer good = timer(name, "OK");
      assertThat(good.count()).isEqualTo(2);
      assertThat(good.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(14);
      assertThat(timer(name, "NOT_FOUND").count()).isEqualTo(1);
    }
  }

  @Test
  void labelsAreServiceMethodAndCodeOnly() {
    try (InProcessMesh mesh = mesh()) {
      call(mesh, "ok");
    }

    assertThat(registry.getMeters())
        .isNotEmpty()
        .extracting(Meter::getId)
        .allSatisfy(
            id ->
                assertThat(id.getTags())
                    .containsExactlyInAnyOrder(
                        Tag.of("service", RawMethods.SERVICE),
                        Tag.of("method", "Echo"),
                        Tag.of("code", "OK")));
  }

  private InProcessMesh mesh() {
    return InProcessMesh.watched(
        List.of(
            RawMethods.unary(
                (request, responses) -> {
                  ticker.advance(Duration.ofMillis(7));
                  if (request.equals("bad")) {
                    throw new MeshException(CommonReason.NOT_FOUND, "no");
                  }
                  responses.onNext(request);
                  responses.onCompleted();
                })),
        List.of(new MetricsServerInterceptor(registry, ticker)),
        List.of());
  }

  private void call(InProcessMesh mesh, String request) {
    Channel channel =
        ClientInterceptors.intercept(
            mesh.channel(), new MetricsClientInterceptor(registry, ticker));
    ClientCalls.blockingUnaryCall(channel, RawMethods.UNARY, CallOptions.DEFAULT, request);
  }

  private Timer timer(String name, String code) {
    return registry.get(name).tag("code", code).timer();
  }
}
