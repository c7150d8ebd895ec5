package dev.weft.gateway.rest;

import static dev.weft.gateway.testing.SharedGateway.anonymous;
import static dev.weft.gateway.testing.SharedGateway.neighbourhood;
import static dev.weft.gateway.testing.SharedGateway.request;
import static dev.weft.gateway.testing.SharedGateway.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import com.google.protobuf.util.JsonFormat;
import dev.weft.gateway.testing.Tenants;
import dev.weft.platform.error.StatusMapper;
import dev.weft.proto.costs.v1.AgentFleet;
import dev.weft.proto.costs.v1.ComputeProvider;
import dev.weft.proto.costs.v1.CostServiceGrpc;
import dev.weft.proto.costs.v1.CostServiceGrpc.CostServiceBlockingStub;
import dev.weft.proto.costs.v1.EstimateAgentCostsRequest;
import dev.weft.proto.costs.v1.EstimateAgentCostsResponse;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What agents would cost, asked through a real gateway. */
class CostEstimateIT {

  private static final String PATH = "/v1/costs:estimate";

  @Test
  void withoutAQuestionItIsAHundredAgentsAllMonthByTheNewestPrices() {
    request()
        .get(PATH)
        .then()
        .statusCode(200)
        .body("fleet.agents", equalTo(100))
        .body("fleet.vcpuMillis", equalTo(500))
        .body("fleet.memoryMb", equalTo(1024))
        .body("fleet.activeHoursPerMonth", equalTo(730))
        .body("fleet.activeHoursPerDay", nullValue())
        .body("priceTable.version", equalTo("2026-10-16"))
        .body("priceTable.region", equalTo("us-east-1"))
        .body("priceTable.prices.source", everyItem(startsWith("https://")))
        .body("notPriced", empty())
        .body("notes", hasItem(containsString("hibernated agent costs no compute")))
        .body(
            "estimates.provider",
            equalTo(
                List.of(
                    "COMPUTE_PROVIDER_FARGATE_SPOT",
                    "COMPUTE_PROVIDER_FARGATE",
                    "COMPUTE_PROVIDER_EC2_T4G_SMALL",
                    "COMPUTE_PROVIDER_EC2",
                    "COMPUTE_PROVIDER_VPS")))
        .body("estimates[1].active.lines[0].kind", equalTo("AGENT_COST_KIND_COMPUTE"))
        .body("estimates[1].active.lines[0].agentHour.amount", equalTo("0.024685"))
        .body("estimates[1].active.lines[0].fleetMonth.amount", equalTo("1802.005000"))
        .body("estimates[1].active.lines", hasSize(10))
        .body("estimates[2].active.lines[0].agentMonth.amount", equalTo("12.264000"))
        .body("estimates[4].host", equalTo("DigitalOcean"));
  }

  @Test
  void aHibernatedFleetIsNotFree() {
    request()
        .get(PATH + "?providers=fargate-spot&workspaceMb=2048&agents=10")
        .then()
        .statusCode(200)
        .body("estimates", hasSize(1))
        .body("estimates[0].hibernated.activePerMonth", equalTo("0s"))
        .body("estimates[0].hibernated.agentMonth.amount", equalTo("0.046000"))
        .body("estimates[0].hibernated.sharedMonth.amount", equalTo("36.500000"))
        .body("estimates[0].hibernated.fleetMonth.amount", equalTo("36.960000"));
  }

  @Test
  void theProposalsFiguresComeFromItsOwnPrices() {
    request()
        .get(PATH + "?priceTable=proposal-2026-01-31&providers=FARGATE_SPOT&providers=vps")
        .then()
        .statusCode(200)
        .body("estimates[0].active.agentHour.amount", equalTo("0.007750"))
        .body("estimates[0].active.agentMonth.amount", equalTo("5.657500"))
        .body("estimates[0].active.fleetMonth.amount", equalTo("565.750000"))
        .body("estimates[1].unavailable", equalTo("no price in proposal-2026-01-31"))
        .body("estimates[1].active", nullValue())
        .body("notPriced", hasItems("AGENT_COST_KIND_STORAGE", "AGENT_COST_KIND_NAT_GATEWAY"));
  }

  @Test
  void everyNumberOfTheQuestionCounts() {
    request()
        .get(
            PATH
                + "?vcpuMillis=2000&memoryMb=4096&agents=3&activeHoursPerDay=8&workspaceMb=100"
                + "&egressMbPerHour=7&logMbPerHour=2&logMonths=6&natGateways=2&publicIpv4=true"
                + "&region=us-east-1&providers=fargate")
        .then()
        .statusCode(200)
        .body("fleet.activeHoursPerDay", equalTo(8))
        .body("fleet.activeHoursPerMonth", nullValue())
        .body("fleet.publicIpv4", equalTo(true))
        .body("fleet.egressMbPerHour", equalTo(7))
        .body("fleet.logMbPerHour", equalTo(2))
        .body("fleet.logMonths", equalTo(6))
        .body("fleet.natGateways", equalTo(2))
        .body("estimates[0].size", equalTo("2 vCPU, 4 GB"))
        .body("estimates[0].asked.activePerMonth", equalTo("876000s"))
        .body(
            "estimates[0].asked.lines.find { it.kind == 'AGENT_COST_KIND_COMPUTE' }.fleetMonth.amount",
            equalTo("72.080200"));
  }

  @Test
  void whatMakesNoSenseIsNamedWithItsValueAndWhatWasExpected() {
    Map<String, String> wrong =
        Map.of(
            "agents=0", "fleet.agents: 0 (expected: 1..1000000)",
            "agents=many", "fleet.agents: many (expected: a number)",
            "memoryMb=99999999999", "fleet.memory_mb: 99999999999 (expected: a number)",
            "activeHoursPerMonth=731", "fleet.active_hours_per_month: 731 (expected: 0..730)",
            "activeHoursPerMonth=9&activeHoursPerDay=8",
                "fleet.active_hours_per_day: 8 (expected: unset beside active_hours_per_month)",
            "publicIpv4=yes", "fleet.public_ipv4: yes (expected: true or false)",
            "region=mars-1", "region: mars-1 (expected: us-east-1)",
            "priceTable=1999", "price_table: 1999 (expected: 2026-10-16 or proposal-2026-01-31)",
            "providers=abacus",
                "providers: abacus (expected: FARGATE_SPOT, FARGATE, EC2_T4G_SMALL, EC2 or VPS)",
            "providers=unspecified", "providers: COMPUTE_PROVIDER_UNSPECIFIED (expected: FARGATE");
    wrong.forEach(
        (query, words) ->
            request()
                .get(PATH + "?" + query)
                .then()
                .statusCode(400)
                .body("reason", equalTo("INVALID_FIELD"))
                .body("detail", containsString(words)));
    request()
        .get(PATH + "?agents=0&logMonths=-1")
        .then()
        .body("fieldViolations.field", equalTo(List.of("fleet.agents", "fleet.logMonths")));
  }

  @Test
  void itIsForWhoeverMayReadTasks() {
    anonymous().get(PATH).then().statusCode(401);
    with(Tenants.token("tasks.write")).get(PATH).then().statusCode(403);
    with(Tenants.token("tasks.read")).get(PATH).then().statusCode(200);
  }

  @Test
  void everyNumberOfTheQuestionIsDescribed() {
    List<String> described =
        anonymous().get("/q/openapi?format=json").path("paths.'" + PATH + "'.get.parameters.name");

    assertThat(described)
        .containsAll(
            AgentFleet.getDescriptor().getFields().stream()
                .map(field -> field.getJsonName())
                .toList())
        .contains("region", "providers", "priceTable");
  }

  @Test
  void theSameIsServedOverGrpc() throws IOException {
    EstimateAgentCostsResponse.Builder overHttp = EstimateAgentCostsResponse.newBuilder();
    JsonFormat.parser().merge(request().get(PATH + "?agents=7&providers=ec2").asString(), overHttp);
    onGrpc(
        costs -> {
          EstimateAgentCostsRequest asked =
              EstimateAgentCostsRequest.newBuilder()
                  .setFleet(AgentFleet.newBuilder().setAgents(7))
                  .addProviders(ComputeProvider.COMPUTE_PROVIDER_EC2)
                  .build();
          assertThat(costs.estimateAgentCosts(asked)).isEqualTo(overHttp.build());

          StatusRuntimeException refused =
              catchThrowableOfType(
                  StatusRuntimeException.class,
                  () -> costs.estimateAgentCosts(asked.toBuilder().setRegion("mars-1").build()));
          assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
          assertThat(StatusMapper.fromStatus(refused).message())
              .isEqualTo("region: mars-1 (expected: us-east-1)");
        });
  }

  private static void onGrpc(Consumer<CostServiceBlockingStub> work) {
    Metadata token = new Metadata();
    token.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
        "Bearer " + neighbourhood().files.bearer);
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", neighbourhood().grpcPort)
            .usePlaintext()
            .intercept(MetadataUtils.newAttachHeadersInterceptor(token))
            .build();
    try {
      work.accept(CostServiceGrpc.newBlockingStub(channel));
    } finally {
      channel.shutdownNow();
    }
  }
}
