package dev.weft.platform.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import dev.weft.platform.testing.InProcessMesh;
import dev.weft.platform.testing.RawMethods;
import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.testing.junit5.OpenTelemetryExtension;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TracingInterceptorsTest {

  @RegisterExtension
  static final OpenTelemetryExtension TELEMETRY = OpenTelemetryExtension.create();

  private final CompletableFuture<String> seen = new CompletableFuture<>();

  @Test
  void oneTraceGoesFromTheCallerThroughTheClientSpanToTheHandler() throws Exception {
    BindableService service =
        RawMethods.unary(
            (request, responses) -> {
              seen.complete(Span.current().getSpanContext().getSpanId());
              responses.onNext(request);
              responses.onCompleted();
            });
    Span caller = TELEMETRY.getOpenTelemetry().getTracer("test").spanBuilder("caller").startSpan();
    try (InProcessMesh mesh = mesh(service);
        Scope _ = caller.makeCurrent()) {
      unary(mesh);
    }

    SpanData client = span(SpanKind.CLIENT);
    SpanData server = span(SpanKind.SERVER);
    assertThat(client.getParentSpanId()).isEqualTo(caller.getSpanContext().getSpanId());
    assertThat(server.getParentSpanId()).isEqualTo(client.getSpanId());
    assertThat(server.getTraceId()).isEqualTo(caller.getSpanContext().getTraceId());
    assertThat(server.getName()).isEqualTo("weft.test.v1.EchoService/Echo");
    assertThat(seen.get(5, TimeUnit.SECONDS)).isEqualTo(server.getSpanId());
  }

  @Test
  void theTraceFollowsGrpcsContextToAnotherThread() throws Exception {
    BindableService service =
        RawMethods.unary(
            (request, responses) ->
                Thread.ofVirtual()
                    .start(
                        io.grpc.Context.current()
                            .wrap(
                                () -> {
                                  Context trace = TracingServerInterceptor.current();
                                  seen.complete(
                                      Span.fromContext(trace).getSpanContext().getSpanId());
                                  responses.onNext(request);
                                  responses.onCompleted();
                                })));
    try (InProcessMesh mesh = mesh(service)) {
      unary(mesh);
    }

    assertThat(seen.get(5, TimeUnit.SECONDS)).isEqualTo(span(SpanKind.SERVER).getSpanId());
  }

  @Test
  void aFailureMarksBothSpansAndLeavesItsTextOut() throws Exception {
    BindableService service =
        RawMethods.unary(
            (request, responses) ->
                responses.onError(new MeshException(CommonReason.NOT_FOUND, "name: private")));
    try (InProcessMesh mesh = mesh(service)) {
      assertThat(catchThrowable(() -> unary(mesh))).isNotNull();
    }

    for (SpanData span : List.of(span(SpanKind.CLIENT), span(SpanKind.SERVER))) {
      assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
      assertThat(span.getStatus().getDescription()).isEqualTo("NOT_FOUND");
    }
  }

  @Test
  void aStreamCarriesTheContextWithoutASpanOfItsOwn() throws Exception {
    BindableService service =
        RawMethods.stream(
            responses -> {
              seen.complete(Span.current().getSpanContext().getSpanId());
              responses.onCompleted();
              return new Ignoring(new CompletableFuture<>());
            });
    Span caller = TELEMETRY.getOpenTelemetry().getTracer("test").spanBuilder("caller").startSpan();
    CompletableFuture<Void> ended = new CompletableFuture<>();
    try (InProcessMesh mesh = mesh(service)) {
      try (Scope _ = caller.makeCurrent()) {
        ClientCalls.asyncBidiStreamingCall(
            channel(mesh).newCall(RawMethods.STREAM, CallOptions.DEFAULT), new Ignoring(ended));
      }
      ended.get(5, TimeUnit.SECONDS);
    }

    assertThat(seen.get(5, TimeUnit.SECONDS)).isEqualTo(caller.getSpanContext().getSpanId());
    assertThat(TELEMETRY.getSpans()).isEmpty();
  }

  @Test
  void aStoredTraceparentIsTakenUpAgain() {
    Span span = TELEMETRY.getOpenTelemetry().getTracer("test").spanBuilder("stored").startSpan();
    W3CTraceContextPropagator w3c = W3CTraceContextPropagator.getInstance();

    String text = Traceparent.of(Context.root().with(span), w3c).orElseThrow();

    assertThat(text).contains(span.getSpanContext().getTraceId());
    assertThat(Span.fromContext(Traceparent.parse(text, w3c)).getSpanContext().getSpanId())
        .isEqualTo(span.getSpanContext().getSpanId());
    assertThat(Traceparent.of(Context.root(), w3c)).isEmpty();
    assertThat(Span.fromContext(Traceparent.parse("nonsense", w3c)).getSpanContext().isValid())
        .isFalse();
  }

  private static InProcessMesh mesh(BindableService service) {
    return InProcessMesh.watched(
        List.of(service),
        List.of(new TracingServerInterceptor(TELEMETRY.getOpenTelemetry())),
        List.of());
  }

  private static Channel channel(InProcessMesh mesh) {
    return ClientInterceptors.intercept(
        mesh.channel(), new TracingClientInterceptor(TELEMETRY.getOpenTelemetry()));
  }

  private static void unary(InProcessMesh mesh) {
    ClientCalls.blockingUnaryCall(channel(mesh), RawMethods.UNARY, CallOptions.DEFAULT, "x");
  }

  private static SpanData span(SpanKind kind) {
    List<SpanData> found =
        TELEMETRY.getSpans().stream().filter(span -> span.getKind() == kind).toList();
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  private record Ignoring(CompletableFuture<Void> ended) implements StreamObserver<String> {

    @Override
    public void onNext(String value) {}

    @Override
    public void onError(Throwable failure) {
      ended.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
      ended.complete(null);
    }
  }
}
