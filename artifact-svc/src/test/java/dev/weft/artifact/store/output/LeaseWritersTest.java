package dev.weft.artifact.store.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.artifact.app.ArtifactReason;
import dev.weft.artifact.app.LeaseAuthority;
import dev.weft.artifact.domain.output.Writer;
import dev.weft.platform.error.MeshException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LeaseWritersTest {

  private static final Writer WRITER = new Writer("wkr_a", 7);

  /** The attempt has ended, and the placer remembers it. */
  private static final LeaseAuthority ENDED =
      new LeaseAuthority() {
        @Override
        public LeaseRights check(String workerId, LeaseKey lease) {
          throw new MeshException(ArtifactReason.LEASE_NOT_HELD, "ended");
        }

        @Override
        public String logTenant(String workerId, LeaseKey lease) {
          return workerId.equals("wkr_a") && lease.fence() == 7 ? "acme" : "nobody";
        }
      };

  @Test
  void anEndedAttemptsLogIsOpenedThoughNobodyWritesItForLong() throws Exception {
    try (Waiting waiting = new Waiting("test", 1)) {
      LeaseWriters writers = new LeaseWriters(ENDED, waiting);

      assertThat(writers.tenant(WRITER, "tsk_a", 1).toCompletableFuture().get(10, TimeUnit.SECONDS))
          .isEqualTo("acme");
      assertThat(writers.isOver(WRITER, "tsk_a", 1).toCompletableFuture().get(10, TimeUnit.SECONDS))
          .isTrue();
    }
  }
}
