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
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.testing.junit5.OpenTelemetryExtension;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
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
    Span caller = caller();
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
    try (InProcessMesh mesh = mesh(service);
        Scope _ = caller().makeCurrent()) {
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
    try (InProcessMesh mesh = mesh(service);
        Scope _ = caller().makeCurrent()) {
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
    Span caller = caller();
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

  @Test
  void aCallOfNoTraceIsUpkeepAndGetsNoSpan() throws Exception {
    try (InProcessMesh mesh = mesh(echo())) {
      unary(mesh);
    }

    assertThat(TELEMETRY.getSpans()).isEmpty();
  }

  @Test
  void atADoorACallOfNoTraceBeginsOne() throws Exception {
    TracingServerInterceptor door =
        new TracingServerInterceptor(TELEMETRY.getOpenTelemetry(), Set.of(), true);
    try (InProcessMesh mesh = InProcessMesh.watched(List.of(echo()), List.of(door), List.of())) {
      unary(mesh);
    }

    assertThat(span(SpanKind.SERVER).getParentSpanContext().isValid()).isFalse();
  }

  @Test
  void whereNobodyTakesTracesACallIsLeftAsItIs() {
    TracingServerInterceptor off =
        new TracingServerInterceptor(OpenTelemetry.noop(), Set.of(), true);
    ServerCall<String, String> call = new SilentCall();
    ServerCall.Listener<String> listener = new ServerCall.Listener<>() {};
    AtomicReference<ServerCall<String, String>> handled = new AtomicReference<>();

    ServerCall.Listener<String> given =
        off.interceptCall(
            call,
            new Metadata(),
            (inner, _) -> {
              handled.set(inner);
              return listener;
            });

    assertThat(handled.get()).isSameAs(call);
    assertThat(given).isSameAs(listener);
  }

  @Test
  void aTransferHasASpanThoughItStreams() throws Exception {
    Set<String> transfers = Set.of(RawMethods.STREAM.getFullMethodName());
    CompletableFuture<Void> ended = new CompletableFuture<>();
    BindableService service =
        RawMethods.stream(
            responses -> {
              responses.onCompleted();
              return new Ignoring(new CompletableFuture<>());
            });
    Span caller = caller();
    try (InProcessMesh mesh =
        InProcessMesh.watched(
            List.of(service),
            List.of(new TracingServerInterceptor(TELEMETRY.getOpenTelemetry(), transfers, false)),
            List.of())) {
      Channel channel =
          ClientInterceptors.intercept(
              mesh.channel(),
              new TracingClientInterceptor(TELEMETRY.getOpenTelemetry(), transfers));
      try (Scope _ = caller.makeCurrent()) {
        ClientCalls.asyncBidiStreamingCall(
            channel.newCall(RawMethods.STREAM, CallOptions.DEFAULT), new Ignoring(ended));
      }
      ended.get(5, TimeUnit.SECONDS);
    }

    assertThat(span(SpanKind.CLIENT).getParentSpanId())
        .isEqualTo(caller.getSpanContext().getSpanId());
    assertThat(span(SpanKind.SERVER).getParentSpanId())
        .isEqualTo(span(SpanKind.CLIENT).getSpanId());
  }

  @Test
  void workGoesOnBelowTheCallThatBroughtItIfBothAreOfOneTrace() {
    W3CTraceContextPropagator w3c = W3CTraceContextPropagator.getInstance();
    Span first = caller();
    Context call =
        Context.root()
            .with(
                TELEMETRY
                    .getOpenTelemetry()
                    .getTracer("test")
                    .spanBuilder("call")
                    .setParent(Context.root().with(first))
                    .startSpan());
    String submitted = Traceparent.of(Context.root().with(first), w3c).orElseThrow();
    String foreign = Traceparent.of(Context.root().with(caller()), w3c).orElseThrow();

    assertThat(Traceparent.nearer(submitted, call, w3c))
        .isEqualTo(Traceparent.of(call, w3c).orElseThrow());
    assertThat(Traceparent.nearer(foreign, call, w3c)).isEqualTo(foreign);
    assertThat(Traceparent.nearer(submitted, Context.root(), w3c)).isEqualTo(submitted);
    assertThat(Traceparent.nearer("", call, w3c)).isEmpty();
  }

  private static BindableService echo() {
    return RawMethods.unary(
        (request, responses) -> {
          responses.onNext(request);
          responses.onCompleted();
        });
  }

  private static Span caller() {
    return TELEMETRY.getOpenTelemetry().getTracer("test").spanBuilder("caller").startSpan();
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

  private static final class SilentCall extends ServerCall<String, String> {

    @Override
    public void request(int messages) {}

    @Override
    public void sendHeaders(Metadata headers) {}

    @Override
    public void sendMessage(String message) {}

    @Override
    public void close(Status status, Metadata trailers) {}

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public MethodDescriptor<String, String> getMethodDescriptor() {
      return RawMethods.UNARY;
    }
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
