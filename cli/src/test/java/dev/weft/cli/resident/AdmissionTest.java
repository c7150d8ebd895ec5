package dev.weft.cli.resident;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.cli.relay.Hello;
import dev.weft.cli.relay.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a resident takes, and when it has waited long enough. */
class AdmissionTest {
  private static final Duration IDLE = Duration.ofMinutes(15);

  @TempDir Path folder;
  private Path program;
  private String setting;
  private long now;
  private long heapLeft = Admission.ORDINARY_HEAP;
  private Admission admission;

  @BeforeEach
  void start() throws IOException {
    program = Files.writeString(folder.resolve("weft-cli.jar"), "one build");
    setting = Setting.of(program, Map.of("LANG", "C"));
    String stamp = Setting.stamp(program);
    admission = new Admission(program, stamp, setting, () -> heapLeft, IDLE, () -> now);
  }

  private static Hello hello(String setting) {
    return new Hello(setting, "/", false, List.of("list"), Map.of());
  }

  @Test
  void takesSoManyAndNoMore() {
    for (int i = 0; i < Admission.MOST; i++) {
      assertThat(admission.refusal(hello(setting))).isEmpty();
    }
    assertThat(admission.refusal(hello(setting))).contains("it is busy");

    admission.ended();

    assertThat(admission.refusal(hello(setting))).isEmpty();
  }

  @Test
  void takesNobodyWhoWouldHaveLessHeapThanAlone() {
    heapLeft = Admission.ORDINARY_HEAP - 1;
    assertThat(admission.refusal(hello(setting))).contains("it is busy");
    heapLeft++;

    assertThat(admission.refusal(hello(setting))).isEmpty();
  }

  @Test
  void takesNobodyOfAnotherSetting() throws Exception {
    String other = Setting.of(program, Map.of("LANG", "de_DE.ISO-8859-1"));

    assertThat(admission.refusal(hello(other))).contains("its setting is another");
    assertThat(admission.refusal(hello(setting))).isEmpty();
  }

  @Test
  void anotherBuildEndsIt() throws Exception {
    assertThat(admission.isOver()).isFalse();
    Files.writeString(program, "another build");

    assertThat(admission.isOver()).isTrue();
    assertThat(admission.refusal(hello(setting))).contains("it ends");
  }

  @Test
  void dayEndsItHoweverBusyItIs() {
    assertThat(admission.refusal(hello(setting))).isEmpty();
    now = Admission.LIFE.toNanos() - 1;
    assertThat(admission.isOver()).isFalse();
    now++;

    assertThat(admission.isOver()).isTrue();
  }

  @Test
  void programThatIsGoneEndsIt() throws Exception {
    Files.delete(program);

    assertThat(admission.isOver()).isTrue();
  }

  @Test
  void staysUntilNothingWasAskedForLongEnough() {
    now = IDLE.toNanos() - 1;
    assertThat(admission.isOver()).isFalse();
    assertThat(admission.refusal(hello(setting))).isEmpty();
    now = 3 * IDLE.toNanos();
    assertThat(admission.isOver()).as("one runs").isFalse();
    admission.ended();
    now += IDLE.toNanos() - 1;
    assertThat(admission.isOver()).isFalse();
    now++;

    assertThat(admission.isOver()).isTrue();
    assertThat(admission.refusal(hello(setting))).contains("it ends");
  }
}
