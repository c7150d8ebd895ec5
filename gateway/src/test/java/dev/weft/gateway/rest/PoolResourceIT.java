package dev.weft.gateway.rest;

import static dev.weft.gateway.testing.SharedGateway.neighbourhood;
import static dev.weft.gateway.testing.SharedGateway.request;
import static dev.weft.gateway.testing.SharedGateway.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import dev.weft.gateway.testing.Tenants;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pools through a real gateway. */
class PoolResourceIT {

  @Test
  void poolsAreListedReadAndResized() throws SQLException {
    request().get("/v1/pools").then().statusCode(200).body("pools.name", hasItem("local"));

    resize("local", "{\"desired\":7}").then().statusCode(200).body("pool.desired", equalTo(7));

    request()
        .get("/v1/pools/local")
        .then()
        .statusCode(200)
        .body("pool.desired", equalTo(7))
        .body("pool.provider", equalTo("local-process"));
    try (Connection connection = neighbourhood().access().connect();
        var query = connection.createStatement();
        ResultSet rows =
            query.executeQuery("select target from gateway.audit where action = 'pool.resize'")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getString(1)).isEqualTo("local to 7");
    }
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    request()
        .get("/v1/pools/nobody")
        .then()
        .statusCode(404)
        .body("reason", equalTo("POOL_NOT_FOUND"));
    request().get("/v1/pools/No%20Pool").then().statusCode(400);
    resize("local", "{\"desired\":21}").then().statusCode(400);
    resize("local", "{\"desired\":4294967295}").then().statusCode(400);
    resize("local", "{\"desired\":1,\"name\":\"other\"}").then().statusCode(400);
  }

  @Test
  void whoMayNotResizeDoesNot() {
    String reader = Tenants.token("workers.read");

    with(reader).get("/v1/pools").then().statusCode(200);
    for (String token : List.of(reader, Tenants.token("admin"))) {
      with(token)
          .contentType(ContentType.JSON)
          .body("{\"desired\":1}")
          .put("/v1/pools/local")
          .then()
          .statusCode(403)
          .body("metadata.scope", equalTo("mesh.admin"));
    }
    with(Tenants.token("tasks.read")).get("/v1/pools").then().statusCode(403);
  }

  private static Response resize(String name, String body) {
    return request().contentType(ContentType.JSON).body(body).put("/v1/pools/" + name);
  }
}
