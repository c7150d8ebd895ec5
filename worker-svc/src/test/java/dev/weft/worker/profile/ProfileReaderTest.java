package dev.weft.worker.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.worker.domain.SandboxLevel;
import dev.weft.worker.domain.WorkerProfile;
import dev.weft.worker.domain.WorkerProfile.Browser;
import dev.weft.worker.domain.WorkerProfile.Capability;
import dev.weft.worker.domain.WorkerProfile.CodeAnalysis;
import dev.weft.worker.domain.WorkerProfile.Gpu;
import dev.weft.worker.domain.WorkerProfile.Isolation;
import dev.weft.worker.domain.WorkerProfile.LlmModel;
import dev.weft.worker.domain.WorkerProfile.Network;
import dev.weft.worker.domain.WorkerProfile.Place;
import dev.weft.worker.domain.WorkerProfile.Price;
import dev.weft.worker.domain.WorkerProfile.TaskLimits;
import dev.weft.worker.domain.WorkerProfile.Virtualization;
import dev.weft.worker.domain.WorkerProfile.VisionModel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProfileReaderTest {

  private static final long MIB = 1024L * 1024;

  private final ProfileReader reader = SampleProfiles.reader(SandboxLevel.BUBBLEWRAP);

  @Test
  void gpuWorkerSaysAllOfItself() {
    WorkerProfile profile = reader.parse(SampleProfiles.GPU);

    assertThat(profile.identity().name()).isEqualTo("dgx-tokyo-01");
    assertThat(profile.identity().labels()).isEqualTo(Map.of("rack", "7"));
    assertThat(profile.identity().version()).isEqualTo("1.2.3");
    assertThat(profile.place())
        .isEqualTo(new Place("ap-northeast-1", "Tokyo, Japan", Duration.ofMillis(45)));
    assertThat(profile.price()).isEqualTo(new Price(12_000_000, "USD"));
    assertThat(profile.hardware().gpus())
        .hasSize(8)
        .containsOnly(new Gpu("A100-80GB", 81_920 * MIB));
    assertThat(profile.hardware().memoryBytes()).isEqualTo(512L << 30);
    assertThat(profile.capabilities())
        .contains(new Capability("CODING", 0.95), new Capability("RESEARCH", 0.8))
        .hasSize(4);
    assertThat(profile.execution().queues()).containsExactly("planning", "review");
    assertThat(profile.skills().llmModels())
        .containsExactly(new LlmModel("qwen3-235b", 128_000, 50, 8));
    assertThat(profile.skills().visionModels())
        .containsExactly(new VisionModel("qwen2-vl-72b", true, false));
    assertThat(profile.skills().codeAnalysis())
        .containsExactly(new CodeAnalysis("jedi", List.of("python", "javascript", "typescript")));
  }

  @Test
  void browserWorkerSaysAllOfItself() {
    WorkerProfile profile = reader.parse(SampleProfiles.BROWSER);

    assertThat(profile.skills().browser())
        .contains(new Browser("playwright", false, 5900, true, 4));
    assertThat(profile.skills().network()).contains(new Network(1000, true, true));
    assertThat(profile.execution().networkOpen()).isTrue();
    assertThat(profile.hardware().cpuMilli()).isEqualTo(16_000);
  }

  @Test
  void sandboxWorkerSaysAllOfItself() {
    WorkerProfile profile = reader.parse(SampleProfiles.SANDBOX);

    assertThat(profile.skills().virtualization())
        .contains(new Virtualization("firecracker", 32, Duration.ofMillis(125), true));
    assertThat(profile.execution().isolation()).isEqualTo(new Isolation(true, true));
    assertThat(profile.execution().taskLimits())
        .isEqualTo(new TaskLimits(2048 * MIB, 2000, 10_240 * MIB));
    assertThat(profile.execution().slots()).isEqualTo(Map.of("shell", 8, "noop", 1024, "agent", 8));
  }

  @Test
  void whatTheFileLeavesOutIsProbed() {
    WorkerProfile profile = reader.parse("name: plain");

    assertThat(profile.hardware().cpuMilli()).isEqualTo(2000);
    assertThat(profile.execution().queues()).containsExactly("default");
    assertThat(profile.hardware().memoryBytes()).isEqualTo(4L << 30);
    assertThat(profile.execution().slots()).isEqualTo(Map.of("shell", 2, "noop", 1024, "agent", 2));
    assertThat(profile.execution().sandboxLevel()).isEqualTo(SandboxLevel.BUBBLEWRAP);
  }

  @Test
  void whatIsKeptForTheSystemIsNotOffered() {
    WorkerProfile probed =
        reader.parse("{name: plain, system_reserve: {cpu: 0.2, memory_mb: 2048}}");
    assertThat(probed.capacity().cpuMilli()).isEqualTo(1_600);
    assertThat(probed.capacity().memoryBytes()).isEqualTo(2L << 30);
    assertThat(probed.execution().slots()).as("a slot a core").containsEntry("shell", 1);

    WorkerProfile said =
        reader.parse("{name: plain, hardware: {cpu_milli: 64001}, system_reserve: {cpu: 0.2}}");
    assertThat(said.capacity().cpuMilli()).isEqualTo(51_200);
    assertThat(said.capacity().memoryBytes()).isEqualTo(4L << 30);
  }

  @Test
  void aReserveThatLeavesNothingIsNamed() {
    assertThatThrownBy(() -> reader.parse("{name: plain, system_reserve: {memory_mb: 4096}}"))
        .isInstanceOf(ProfileException.class)
        .hasMessage("system_reserve.memory_mb: 4096 (expected: less than the machine has, 4096)");
    assertThatThrownBy(() -> reader.parse("{name: plain, system_reserve: {cpu: 1}}"))
        .hasMessageContaining("system_reserve.cpu: 1 (expected: 0…0.9)");
    assertThatThrownBy(() -> reader.parse("{name: plain, system_reserve: {disk_mb: 1}}"))
        .hasMessageContaining("disk_mb");
  }

  @Test
  void agentsHaveSlotsOfTheirOwn() {
    assertThat(reader.parse("{name: plain, executors: {shell: 4, agent: 1}}").execution().slots())
        .isEqualTo(Map.of("shell", 4, "noop", 1024, "agent", 1));
    assertThat(reader.parse("{name: plain, executors: {shell: 4, agent: 0}}").execution().slots())
        .doesNotContainKey("agent");
    assertThat(
            SampleProfiles.reader(SandboxLevel.NONE)
                .parse("{name: plain, executors: {agent: 4}}")
                .execution()
                .slots())
        .containsOnlyKeys("noop");
  }

  @Test
  void queuesNamedAtTheStartStandInPlaceOfTheFiles() {
    ProfileReader started = SampleProfiles.reader(SandboxLevel.BUBBLEWRAP, "execution", "default");

    assertThat(started.parse(SampleProfiles.GPU).execution().queues())
        .containsExactly("execution", "default");
  }

  @Test
  void aWorkerWithoutAPriceIsNotAFreeOne() {
    assertThat(reader.parse("{name: a, kind: gpu}").price()).isEqualTo(Price.UNKNOWN);
    assertThat(reader.parse("{name: a, kind: gpu, price: {micros_per_hour: 0}}").price())
        .isEqualTo(new Price(0, "USD"));
  }

  @Test
  void withoutASandboxNoCommandsAreOffered() {
    WorkerProfile profile = SampleProfiles.reader(SandboxLevel.NONE).parse(SampleProfiles.SANDBOX);

    assertThat(profile.execution().slots()).isEqualTo(Map.of("noop", 1024));
    assertThat(profile.execution().sandboxLevel()).isEqualTo(SandboxLevel.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kind: gpu | name: missing",
        "{name: a, colour: red} | colour: unknown key",
        "{name: a, location: {regoin: x}} | location.regoin: unknown key (expected: one of latency_ms, region, site)",
        "{name: a, llm_inference: [{model: m, max_contxt: 5}]} | llm_inference[0].max_contxt: unknown key",
        "{name: a, llm_inference: [{max_context: 5}]} | llm_inference[0].model: missing",
        "{name: a, capabilities: [{name: X, proficiency: 1.5}]} | capabilities[0].proficiency: 1.5 (expected: 0…1.0)",
        "{name: a, hardware: {cpu_milli: many}} | hardware.cpu_milli: many (expected: a whole number >= 0)",
        "{name: a, hardware: {memory_mb: -1}} | hardware.memory_mb: -1",
        "{name: a, price: {currency: EUR}} | price.micros_per_hour: missing (expected: a whole number",
        "{name: a, price: {micros_per_hour: 2.5}} | price.micros_per_hour: 2.5 (expected: a whole number >= 0)",
        "{name: a, price: {micros_per_hor: 5}} | price.micros_per_hor: unknown key",
        "{name: a, network_open: maybe} | network_open: maybe (expected: true or false)",
        "{name: a, executors: {shel: 3}} | executors.shel: unknown key",
        "{name: a, queues: [planning, Review]} | queues: Review (expected: [a-z0-9_-]{1,63})",
        "{name: a, queues: planning} | queues: planning (expected: a list)",
        "{name: a, capabilities: 5} | capabilities: 5 (expected: a list)",
        "[1, 2] | expected: keys with values",
        "{name: a | not YAML"
      })
  void mistakeIsRefusedByItsName(String text, String message) {
    assertThatThrownBy(() -> reader.parse(text))
        .isInstanceOf(ProfileException.class)
        .hasMessageContaining(message);
  }

  @Test
  void javaObjectsInTheFileAreRefused() {
    assertThatThrownBy(() -> reader.parse("name: !!java.net.URL [http://x]"))
        .isInstanceOf(ProfileException.class);
  }

  @Test
  void processorsAreReadFromTheirTool() {
    assertThat(HostProbe.parseGpus("NVIDIA A100-SXM4-80GB, 81920\nNVIDIA H100, [N/A]\n\n"))
        .containsExactly(new Gpu("NVIDIA A100-SXM4-80GB", 81_920 * MIB));
  }
}
