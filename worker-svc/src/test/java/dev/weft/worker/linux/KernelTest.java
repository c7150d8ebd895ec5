package dev.weft.worker.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelTest {

  private static final int NOTHING = 0;
  private static final int KILL = 9;
  private static final int KILLED = 128 + KILL;

  private final Kernel kernel = new Kernel();

  @ParameterizedTest
  @ValueSource(longs = {-1, 0, 1, Integer.MAX_VALUE + 1L})
  void aNumberThatMeansMoreThanOneProcessIsRefused(long pid) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> kernel.signal(pid, NOTHING))
        .withMessageContaining("expected: of a process");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> kernel.signalGroup(pid, NOTHING))
        .withMessageContaining("expected: of a process");
  }

  @Test
  void aSignalReachesItsProcess() throws Exception {
    Process sleeper = new ProcessBuilder("sleep", "60").start();
    kernel.signal(sleeper.pid(), KILL);
    assertThat(sleeper.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(sleeper.exitValue()).isEqualTo(KILLED);
  }
}
