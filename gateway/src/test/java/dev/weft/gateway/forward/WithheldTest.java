package dev.weft.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weft.proto.tasks.v1.InlineFile;
import dev.weft.proto.tasks.v1.NoopExecutor;
import dev.weft.proto.tasks.v1.ShellExecutor;
import dev.weft.proto.tasks.v1.Task;
import dev.weft.proto.tasks.v1.TaskSpec;
import org.junit.jupiter.api.Test;

class WithheldTest {

  private static final ByteString BULK = ByteString.copyFrom(new byte[60_000]);

  @Test
  void aCommandKeepsAllButWhatItReads() {
    Task task =
        task(
            TaskSpec.newBuilder()
                .setDisplayName("build")
                .setShell(
                    ShellExecutor.newBuilder()
                        .addArgv("make")
                        .setStdin(BULK)
                        .addFiles(InlineFile.newBuilder().setPath("a").setContent(BULK))));

    assertThat(Withheld.payloads(task))
        .isEqualTo(
            task(
                TaskSpec.newBuilder()
                    .setDisplayName("build")
                    .setShell(ShellExecutor.newBuilder().addArgv("make"))));
  }

  @Test
  void aNoopKeepsAllButItsPayload() {
    Task task = task(TaskSpec.newBuilder().setNoop(NoopExecutor.newBuilder().setPayload(BULK)));

    assertThat(Withheld.payloads(task))
        .isEqualTo(task(TaskSpec.newBuilder().setNoop(NoopExecutor.getDefaultInstance())));
  }

  private static Task task(TaskSpec.Builder spec) {
    return Task.newBuilder().setId("tsk_1").setSpec(spec).build();
  }
}
