package dev.weft.worker.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.worker.app.HostLoad;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostProbeTest {

  @TempDir private Path proc;

  @Test
  void loadIsWhatChangedSinceTheLastLook() throws Exception {
    Files.writeString(proc.resolve("meminfo"), "MemTotal: 1000 kB\nMemAvailable: 250 kB\n");
    Files.writeString(proc.resolve("stat"), "cpu  100 0 100 800 0 0 0 0 0 0\n");
    LoadMeter meter = new LoadMeter(proc, proc);
    meter.get();

    Files.writeString(proc.resolve("stat"), "cpu  130 0 120 840 10 0 0 0 0 0\n");
    HostLoad load = meter.get();

    assertThat(load.cpu()).isEqualTo(0.5, Offset.offset(0.001));
    assertThat(load.memory()).isEqualTo(0.75, Offset.offset(0.001));
    assertThat(load.disk()).isBetween(0.0, 1.0);
  }

  @Test
  void thisMachineHasSomething() throws Exception {
    var hardware = new HostProbe().hardware(proc);

    assertThat(hardware.cpuMilli()).isPositive();
    assertThat(hardware.memoryBytes()).isPositive();
    assertThat(hardware.diskBytes()).isPositive();
  }
}
