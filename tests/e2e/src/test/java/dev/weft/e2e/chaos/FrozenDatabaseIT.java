package dev.weft.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.e2e.history.HistoryChecker;
import dev.weft.e2e.history.OperationLog;
import dev.weft.e2e.mesh.LocalMesh;
import dev.weft.e2e.mesh.MeshClient;
import dev.weft.e2e.mesh.MeshProcess;
import dev.weft.e2e.mesh.Placers;
import dev.weft.e2e.mesh.SharedMesh;
import dev.weft.e2e.mesh.Submitter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** OK means flushed: while the database stands still, nobody is told OK, and no death loses one. */
@ExtendWith(SharedMesh.class)
class FrozenDatabaseIT {

  private static final int RATE = 50;

  private final OperationLog log = new OperationLog();
  private final LocalMesh mesh;

  FrozenDatabaseIT(LocalMesh mesh) {
    this.mesh = mesh;
  }

  @Test
  void nothingIsAnsweredOkThatThePlacersDeathCouldTakeAway() throws Exception {
    try (MeshClient client = mesh.client()) {
      client.submit(MeshClient.noop());
      MeshProcess placer = mesh.process(Placers.of(mesh).holder());
      MeshProcess postgres = mesh.process("postgres");
      try (SteadyLoad load = new SteadyLoad(client, log, RATE, 1)) {
        load.awaitSent(2 * RATE);
        postgres.freeze();
        try {
          log.flushing(false);
          load.awaitSent(2 * RATE);
          log.fault("kill " + placer.name(), 100);
          placer.kill();
        } finally {
          log.flushing(true);
          postgres.thaw();
        }
        load.awaitSent(2 * RATE);
      }
      assertThat(new HistoryChecker().violations(log.entries(), Submitter.histories(client, log)))
          .isEmpty();
    }
  }
}
