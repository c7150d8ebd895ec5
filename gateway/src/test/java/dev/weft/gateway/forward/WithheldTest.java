package dev.weft.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weft.proto.tasks.v1.InlineFile;
import dev.weft.proto.tasks.v1.NoopExecutor;
import dev.weft.proto.tasks.v1.ShellExecutor;
import dev.weft.proto.tasks.v1.TaskSpec;
import org.junit.jupiter.api.Test;

class WithheldTest {

  private static final ByteString BULK = ByteString.copyFrom(new byte[60_000]);

  @Test
  void aCommandKeepsAllButWhatItReads() {
    TaskSpec spec =
        TaskSpec.newBuilder()
            .setDisplayName("build")
            .setShell(
                ShellExecutor.newBuilder()
                    .addArgv("make")
                    .setStdin(BULK)
                    .addFiles(InlineFile.newBuilder().setPath("a").setContent(BULK)))
            .build();

    assertThat(Withheld.payloads(spec))
        .isEqualTo(
            TaskSpec.newBuilder()
                .setDisplayName("build")
                .setShell(ShellExecutor.newBuilder().addArgv("make"))
                .build());
  }

  @Test
  void aNoopKeepsAllButItsPayload() {
    TaskSpec spec =
        TaskSpec.newBuilder().setNoop(NoopExecutor.newBuilder().setPayload(BULK)).build();

    assertThat(Withheld.payloads(spec))
        .isEqualTo(TaskSpec.newBuilder().setNoop(NoopExecutor.getDefaultInstance()).build());
  }
}
