package dev.weft.gateway.testing;

import dev.weft.gateway.domain.SecretHash;
import io.restassured.http.ContentType;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Tokens for whoever a test needs, at the shared gateway unless another is named. */
public final class Tenants {

  private Tenants() {}

  /** A token of the first tenant with these scopes. */
  public static String token(String... scopes) {
    return SharedGateway.request()
        .contentType(ContentType.JSON)
        .body(Map.of("name", "test", "scopes", List.of(scopes)))
        .post("/v1/tokens")
        .then()
        .statusCode(201)
        .extract()
        .path("secret");
  }

  /** A token with all scopes of another tenant, which the first can't make. */
  public static String stranger() {
    return stranger(SharedGateway.neighbourhood());
  }

  /** As {@link #stranger()}, at the gateways of that neighbourhood. */
  public static String stranger(Neighbourhood neighbourhood) {
    String secret = "wft_" + UUID.randomUUID() + UUID.randomUUID();
    String tenant = "t-" + UUID.randomUUID();
    try (Connection connection = neighbourhood.access().connect();
        var add = connection.prepareStatement("insert into gateway.tenant (id) values (?)");
        var token =
            connection.prepareStatement(
                "insert into gateway.access_token (id, tenant, name, secret_hash, scopes,"
                    + " create_time) select ?, ?, 'stranger', ?, scopes, now()"
                    + " from gateway.access_token where name = 'bootstrap'")) {
      add.setString(1, tenant);
      add.executeUpdate();
      token.setObject(1, UUID.randomUUID());
      token.setString(2, tenant);
      token.setBytes(3, SecretHash.of(secret).bytes());
      token.executeUpdate();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    return secret;
  }
}
