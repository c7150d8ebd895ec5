package dev.weft.e2e.mesh;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/** A collector: takes what is exported to it over OTLP (http/protobuf). */
public final class OtlpReceiver implements AutoCloseable {

  private final List<SeenSpan> spans = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private HttpServer server;
  private volatile boolean mute;

  /** A span as it was received, and whose it is. */
  public record SeenSpan(String service, Span span) {

    public String id() {
      return HexFormat.of().formatHex(span.getSpanId().toByteArray());
    }

    public String parent() {
      return HexFormat.of().formatHex(span.getParentSpanId().toByteArray());
    }

    public String trace() {
      return HexFormat.of().formatHex(span.getTraceId().toByteArray());
    }

    /** The attribute's value as text; empty if there is none. */
    public String attribute(String key) {
      return OtlpReceiver.attribute(span.getAttributesList(), key);
    }

    @Override
    public String toString() {
      return "%s %s %s %s < %s".formatted(service, span.getName(), span.getKind(), id(), parent());
    }
  }

  public OtlpReceiver() {
    server = listen(0);
  }

  private HttpServer listen(int port) {
    try {
      HttpServer made =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
      made.createContext("/v1/traces", this::take);
      made.setExecutor(threads);
      made.start();
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  public List<SeenSpan> trace(String traceId) {
    return spans.stream().filter(span -> span.trace().equals(traceId)).toList();
  }

  public List<SeenSpan> all() {
    return List.copyOf(spans);
  }

  /** From now on it takes connections and answers nothing. */
  public void mute() {
    mute = true;
  }

  /** From now on nobody listens. */
  public void vanish() {
    server.stop(0);
  }

  /** Answers again, at the same address. */
  public void comeBack() {
    int port = server.getAddress().getPort();
    server.stop(0);
    mute = false;
    server = listen(port);
  }

  private void take(HttpExchange exchange) throws IOException {
    if (mute) {
      return;
    }
    try (exchange) {
      boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
      String type = exchange.getRequestHeaders().getFirst("Content-Type");
      if (!"application/x-protobuf".equals(type)) {
        exchange.sendResponseHeaders(415, -1);
        return;
      }
      try (InputStream raw = exchange.getRequestBody();
          InputStream body = zipped ? new GZIPInputStream(raw) : raw) {
        ExportTraceServiceRequest.parseFrom(body).getResourceSpansList().forEach(this::keep);
      }
      byte[] answer = ExportTraceServiceResponse.getDefaultInstance().toByteArray();
      exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
      exchange.sendResponseHeaders(200, answer.length == 0 ? -1 : answer.length);
    }
  }

  private void keep(ResourceSpans resource) {
    Resource from = resource.getResource();
    String service = attribute(from.getAttributesList(), "service.name");
    for (ScopeSpans scope : resource.getScopeSpansList()) {
      scope.getSpansList().forEach(span -> spans.add(new SeenSpan(service, span)));
    }
  }

  private static String attribute(List<KeyValue> attributes, String key) {
    for (KeyValue attribute : attributes) {
      if (attribute.getKey().equals(key)) {
        AnyValue value = attribute.getValue();
        return value.hasIntValue() ? Long.toString(value.getIntValue()) : value.getStringValue();
      }
    }
    return "";
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
