package dev.weft.gateway;

import dev.weft.gateway.app.Authenticator;
import dev.weft.gateway.app.DoorBudgets;
import dev.weft.gateway.app.TransferToll;
import dev.weft.gateway.forward.CallerTrace;
import dev.weft.gateway.grpc.DoorInterceptor;
import dev.weft.gateway.grpc.ServerBounds;
import dev.weft.platform.telemetry.TelemetryConfig;
import io.opentelemetry.api.OpenTelemetry;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The public gRPC side. */
@Singleton
class GrpcBeans {

  private final GatewayConfig config;

  GrpcBeans(GatewayConfig config) {
    this.config = config;
  }

  @Produces
  @Singleton
  @GlobalInterceptor
  DoorInterceptor door(
      Authenticator authenticator, CallerTrace trace, TransferToll toll, OpenTelemetry telemetry) {
    return new DoorInterceptor(
        authenticator, trace, toll, TelemetryConfig.taken(telemetry), config.submit().patience());
  }

  @Produces
  @Singleton
  ServerBounds bounds(DoorBudgets budgets) {
    return new ServerBounds(budgets, config.publicDoor().mostGrpcConnections());
  }
}
