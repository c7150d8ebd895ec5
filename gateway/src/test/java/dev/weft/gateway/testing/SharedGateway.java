package dev.weft.gateway.testing;

import io.restassured.RestAssured;
import io.restassured.builder.RequestSpecBuilder;
import io.restassured.specification.RequestSpecification;

/** One gateway for all tests that leave it as they found it; gone with the JVM. */
public final class SharedGateway {

  private static final Neighbourhood NEIGHBOURHOOD = new Neighbourhood();
  private static final GatewayProcess PROCESS = start();

  private SharedGateway() {}

  private static GatewayProcess start() {
    GatewayProcess process = GatewayProcess.spawn(NEIGHBOURHOOD.environment());
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  process.close();
                  NEIGHBOURHOOD.close();
                }));
    return process.awaitReady(NEIGHBOURHOOD.httpPort);
  }

  public static Neighbourhood neighbourhood() {
    return NEIGHBOURHOOD;
  }

  public static GatewayProcess process() {
    return PROCESS;
  }

  /**
   * Forgets all failed authentications, which count against the one address that all tests have.
   */
  public static void forgiveFailures() {
    RedisWire.flush(NEIGHBOURHOOD.redis);
  }

  /** A request without a token. */
  public static RequestSpecification anonymous() {
    return RestAssured.given()
        .spec(
            new RequestSpecBuilder()
                .setBaseUri("http://127.0.0.1:" + NEIGHBOURHOOD.httpPort)
                // A colon in a path is a colon.
                .setUrlEncodingEnabled(false)
                .build());
  }

  /** A request with the bootstrap token. */
  public static RequestSpecification request() {
    return with(NEIGHBOURHOOD.files.bearer);
  }

  public static RequestSpecification with(String secret) {
    return anonymous().header("Authorization", "Bearer " + secret);
  }
}
