package dev.weft.artifact.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weft.proto.artifacts.v1.Tree;
import dev.weft.proto.artifacts.v1.TreeEntry;
import dev.weft.proto.artifacts.v1.TreeEntryKind;
import org.junit.jupiter.api.Test;

class StoreLimitsTest {

  /** What a JVM with -Xmx160m -Xmn24m -XX:SurvivorRatio=2 says of itself. */
  private static final long SMALL_HEAP = 154L << 20;

  @Test
  void aTreesBytesAreBoundedByTheHeapAndByNature() {
    assertThat(StoreLimits.mostTreeBytes(SMALL_HEAP)).isLessThan(SMALL_HEAP / 5);
    assertThat(StoreLimits.mostTreeBytes(64L << 30)).isEqualTo(64L << 20);
  }

  @Test
  void twoHundredThousandOrdinaryFilesPassInASmallHeap() {
    TreeEntry file =
        TreeEntry.newBuilder()
            .setPath(ByteString.copyFromUtf8("src/main/java/org/example/pkg123/Class1234.java"))
            .setKind(TreeEntryKind.TREE_ENTRY_KIND_FILE)
            .setMode(0644)
            .setSizeBytes(100_000)
            .setDigest(ByteString.copyFrom(new byte[32]))
            .setModifyTimeNanos(1_800_000_000_000_000_000L)
            .build();

    int entry = Tree.newBuilder().addEntries(file).build().getSerializedSize();

    assertThat(200_000L * entry).isLessThan(StoreLimits.mostTreeBytes(SMALL_HEAP));
  }
}
