package dev.weft.registry.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.proto.internal.heartbeat.v1.BeatResponse;
import dev.weft.proto.internal.heartbeat.v1.HeartbeatHello;
import dev.weft.proto.workers.v1.WorkerProfile;
import dev.weft.registry.domain.fleet.FleetFixture;
import dev.weft.registry.domain.fleet.WorkerView;
import dev.weft.registry.domain.profile.Profiles;
import dev.weft.registry.testing.TestWorker;
import org.junit.jupiter.api.AfterEach;

/** A worker before a registry, and short words for what they say. */
abstract class HeartbeatCase {

  static final String ID = FleetFixture.id(1).text();
  static final WorkerProfile GPU = ProfileWriter.write(Profiles.gpu("gpu-1"));

  final RegistryInThisJvm registry = new RegistryInThisJvm();

  @AfterEach
  void close() {
    registry.close();
  }

  TestWorker worker() {
    return new TestWorker(registry.as("worker", ID));
  }

  TestWorker welcomed(long incarnation) {
    TestWorker worker = worker().hello(ID, incarnation, GPU);
    BeatResponse answer = worker.next();
    assertThat(answer.hasWelcome()).isTrue();
    return worker;
  }

  static HeartbeatHello.Builder hello() {
    return HeartbeatHello.newBuilder()
        .setProtocolVersion(1)
        .setWorkerId(ID)
        .setIncarnation(1)
        .setProfile(GPU);
  }

  WorkerView view() {
    return registry.keeper.read(fleet -> fleet.find(FleetFixture.id(1))).orElseThrow();
  }
}
