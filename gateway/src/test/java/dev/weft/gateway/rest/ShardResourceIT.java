package dev.weft.gateway.rest;

import static dev.weft.gateway.testing.SharedGateway.request;
import static dev.weft.gateway.testing.SharedGateway.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.weft.gateway.testing.GrpcDoor;
import dev.weft.gateway.testing.Tenants;
import dev.weft.proto.placement.v1.ListShardsRequest;
import dev.weft.proto.placement.v1.ShardServiceGrpc;
import org.junit.jupiter.api.Test;

/** Shards of users through a real gateway. */
class ShardResourceIT {

  @Test
  void anAdministratorSeesThemAll() {
    request()
        .get("/v1/shards")
        .then()
        .statusCode(200)
        .body("shards", hasSize(2))
        .body("shards[0].users", equalTo(612))
        .body("shards[0].memoryBytes", equalTo("17179869184"))
        .body("shards[1].parent", equalTo(1))
        .body("shards[1].reason", equalTo("SHARD_REASON_USERS"))
        .body("shards[1].workerIds[0]", equalTo("wkr_1"))
        .body("targetUsers", equalTo(1_000))
        .body("version", equalTo("7"));
  }

  @Test
  void nobodyElseDoesSinceTheyHoldUsersOfEveryTenant() {
    with(Tenants.token("tasks.read"))
        .get("/v1/shards")
        .then()
        .statusCode(403)
        .body("metadata.scope", equalTo("mesh.admin"));
  }

  @Test
  void theSameIsServedOverGrpc() {
    try (GrpcDoor door = new GrpcDoor()) {
      var stub = ShardServiceGrpc.newBlockingStub(door.authorized());

      assertThat(stub.listShards(ListShardsRequest.getDefaultInstance()).getShards(1).getNumber())
          .isEqualTo(2);
    }
  }
}
