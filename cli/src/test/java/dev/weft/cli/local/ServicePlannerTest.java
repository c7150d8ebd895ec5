package dev.weft.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServicePlannerTest {
  @TempDir Path directory;
  private HomeDirectory home;

  @BeforeEach
  void create() throws Exception {
    home = new HomeDirectory(directory.resolve("home"));
    home.create();
  }

  @Test
  void noTwoProcessesShareAPort() {
    MeshOptions most =
        new MeshOptions(7000, PortPlan.MOST_REPLICAS, PortPlan.MOST_WORKERS, true, true);
    List<Integer> ports = new ArrayList<>();
    planner(most).services().forEach(plan -> ports.addAll(plan.ports().values()));
    Arrays.stream(WorkerPlan.Guise.values())
        .flatMap(guise -> guise.slots().stream())
        .forEach(slot -> ports.addAll(planner(most).worker(slot).ports().values()));
    PortPlan plan = new PortPlan(7000);
    IntStream.range(0, PortPlan.MOST_REPLICAS)
        .forEach(
            i ->
                ports.addAll(
                    List.of(
                        plan.doorWork(i),
                        plan.doorHeartbeat(i),
                        plan.doorArtifact(i),
                        plan.doorGateway(i))));

    assertThat(ports)
        .doesNotHaveDuplicates()
        .allMatch(port -> port >= 7000 + PortPlan.FIRST && port <= 7000 + PortPlan.LAST);
  }

  @Test
  void everythingIsOnLoopback() {
    assertThat(planner(MeshOptions.standard()).services())
        .allSatisfy(
            plan -> {
              assertThat(plan.environment()).containsEntry("QUARKUS_HTTP_HOST", "127.0.0.1");
              assertThat(plan.environment()).containsEntry("WEFT_MESH_HOST", "127.0.0.1");
            });
  }

  @Test
  void eachServiceHasARoleAndPasswordOfItsOwnInTheDatabase() {
    assertThat(planner(MeshOptions.standard()).services())
        .extracting(plan -> plan.environment().get("WEFT_DB_PASSWORD"))
        .doesNotHaveDuplicates();
    assertThat(planner(MeshOptions.standard()).services())
        .extracting(plan -> plan.environment().get("WEFT_DB_USER"))
        .containsExactly(
            "weft_registry", "weft_router", "weft_artifact", "weft_gateway", "weft_scaler");
  }

  @Test
  void withoutConsulEveryReplicaIsNamed() {
    MeshOptions options = new MeshOptions(7000, 2, 3, false, true);

    assertThat(planner(options).services())
        .allSatisfy(
            plan ->
                assertThat(plan.environment())
                    .doesNotContainKey("WEFT_CONSUL_URL")
                    .containsEntry("WEFT_STATIC_ROUTER", "127.0.0.1:7110,127.0.0.1:7111"));
  }

  @Test
  void threeWorkersAreUnlikeAndMoreHaveNamesOfTheirOwn() {
    assertThat(WorkerPlan.of(3))
        .extracting(WorkerPlan::name)
        .containsExactly("gpu-tokyo-01", "browser-useast-03", "sandbox-onprem-01");
    assertThat(WorkerPlan.of(20)).extracting(WorkerPlan::name).doesNotHaveDuplicates();
  }

  @Test
  void withoutAScalerNobodyKeepsTheWorkers() {
    assertThat(planner(new MeshOptions(7000, 2, 3, true, false)).services())
        .extracting(ServicePlan::role)
        .doesNotContain("scaler");
  }

  @Test
  void workersArePlannedAsPoolsOfTheirKinds() {
    assertThat(WorkerPlan.Guise.GPU.shareOf(4)).isEqualTo(2);
    assertThat(WorkerPlan.Guise.SANDBOX.shareOf(4)).isEqualTo(1);
    assertThat(WorkerPlan.Guise.BROWSER.slots())
        .extracting(WorkerPlan::name)
        .startsWith("browser-useast-03", "browser-useast-04")
        .hasSizeGreaterThan(WorkerPlan.Guise.MOST);
  }

  @Test
  void plansNeverShowPasswords() {
    String password =
        planner(MeshOptions.standard()).services().getFirst().environment().get("WEFT_DB_PASSWORD");

    assertThat(planner(MeshOptions.standard()).services().toString()).doesNotContain(password);
  }

  @Test
  void nonsenseIsRefused() {
    assertThatThrownBy(() -> new MeshOptions(80, 1, 3, true, true))
        .hasMessage("port-base: 80 (expected: 1024 to 65000)");
    assertThatThrownBy(() -> new MeshOptions(7000, 0, 3, true, true))
        .hasMessage("replicas: 0 (expected: 1 to 10)");
  }

  private ServicePlanner planner(MeshOptions options) {
    return new ServicePlanner(home, options, new MeshSecrets(home));
  }
}
