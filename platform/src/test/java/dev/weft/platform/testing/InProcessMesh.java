package dev.weft.platform.testing;

import dev.weft.platform.error.ErrorMappingInterceptor;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * gRPC services behind a channel in this process, with the error mapping that the real servers have
 * and whatever interceptors the test adds. Closing it fails if any answer broke the error contract.
 */
public final class InProcessMesh implements AutoCloseable {

  private static final long STOP_SECONDS = 5;

  private final Server server;
  private final ManagedChannel channel;
  private final ErrorConformance conformance = new ErrorConformance();

  private InProcessMesh(
      List<BindableService> services,
      List<ServerInterceptor> watchers,
      List<ServerInterceptor> interceptors) {
    String name = InProcessServerBuilder.generateName();
    InProcessServerBuilder builder = InProcessServerBuilder.forName(name);
    services.forEach(builder::addService);
    // grpc-java calls the interceptor added last first.
    interceptors.reversed().forEach(builder::intercept);
    builder.intercept(new ErrorMappingInterceptor());
    watchers.reversed().forEach(builder::intercept);
    server = builder.build();
    channel = InProcessChannelBuilder.forName(name).intercept(conformance).build();
  }

  /** Serves the services without further interceptors. */
  public static InProcessMesh of(BindableService... services) {
    return of(Arrays.asList(services), List.of());
  }

  /** Serves the services behind the interceptors, of which the first is the outermost. */
  public static InProcessMesh of(
      List<BindableService> services, List<ServerInterceptor> interceptors) {
    return watched(services, List.of(), interceptors);
  }

  /**
   * Serves the services with watchers (metrics, tracing) outside the error mapping and interceptors
   * inside it.
   */
  public static InProcessMesh watched(
      List<BindableService> services,
      List<ServerInterceptor> watchers,
      List<ServerInterceptor> interceptors) {
    InProcessMesh mesh = new InProcessMesh(services, watchers, interceptors);
    try {
      mesh.server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return mesh;
  }

  public ManagedChannel channel() {
    return channel;
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.shutdownNow();
    try {
      channel.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
      server.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    conformance.verify();
  }
}
