package dev.weft.worker.workspace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.worker.app.AgentMemory;
import dev.weft.worker.app.AgentMemory.Entry;
import dev.weft.worker.app.CarryException;
import dev.weft.worker.domain.FailureReason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an agent remembers, as files that its programs see. */
class MemoryFolderTest {

  private final WorkspaceRig rig = new WorkspaceRig();

  @SuppressWarnings("NullAway.Init") // opened before each test
  private WorkspaceRig.Place place;

  @SuppressWarnings("NullAway.Init")
  private AgentMemory memory;

  @BeforeEach
  void open() throws Exception {
    place = rig.open();
    memory = place.stowed.memory();
  }

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  private static void refused(ThrowingCallable call) {
    assertThat(catchThrowableOfType(CarryException.class, call).failure().reason())
        .isEqualTo(FailureReason.INVALID_FIELD);
  }

  private Path file(String key) {
    return place.file(".weft/memory/" + key);
  }

  @Test
  void whatIsSetIsAFileAndIsReadListedReplacedAndForgotten() throws Exception {
    assertThat(memory.list()).isEmpty();
    assertThat(memory.get("a")).isEmpty();
    assertThat(memory.remove("a")).isFalse();

    memory.set("b.json", "{}".getBytes(UTF_8));
    memory.set("a", new byte[0]);

    assertThat(file("b.json")).hasContent("{}");
    assertThat(memory.list()).isEqualTo(List.of(new Entry("a", 0), new Entry("b.json", 2)));
    assertThat(memory.get("a").orElseThrow()).isEmpty();
    memory.set("a", "two".getBytes(UTF_8));
    assertThat(memory.get("a").orElseThrow()).isEqualTo("two".getBytes(UTF_8));
    assertThat(memory.remove("a")).isTrue();
    assertThat(memory.list()).isEqualTo(List.of(new Entry("b.json", 2)));
  }

  @Test
  void whatAProgramWritesThereIsRemembered() throws Exception {
    Files.createDirectories(file("folder"));
    Files.writeString(file("seen"), "by a program");
    Files.writeString(file(".hidden"), "no key");
    Files.writeString(file("a b"), "no key");

    assertThat(memory.get("seen").orElseThrow()).isEqualTo("by a program".getBytes(UTF_8));
    assertThat(memory.list()).isEqualTo(List.of(new Entry("seen", 12)));
  }

  @Test
  void noKeyLeadsOutAndNoLinkIsFollowed() throws Exception {
    Path outside = Files.writeString(rig.data.resolve("outside"), "theirs");
    Files.createDirectories(file("folder"));
    Files.createSymbolicLink(file("link"), outside);
    for (String key : List.of("", "..", "../x", "a/b", ".a", "a b", "x".repeat(65), "ä")) {
      refused(() -> memory.get(key));
      refused(() -> memory.set(key, new byte[0]));
      refused(() -> memory.remove(key));
    }
    refused(() -> memory.get("link"));
    refused(() -> memory.get("folder"));

    memory.set("link", "mine".getBytes(UTF_8));

    assertThat(Files.isSymbolicLink(file("link"))).isFalse();
    assertThat(outside).hasContent("theirs");
    Files.delete(file("link"));
    Files.createSymbolicLink(file("link"), outside);
    assertThat(memory.remove("link")).isTrue();
    assertThat(outside).exists();
  }

  @Test
  void itIsBounded() throws Exception {
    refused(() -> memory.set("large", new byte[AgentMemory.MOST_BYTES + 1]));
    memory.set("most", new byte[AgentMemory.MOST_BYTES]);
    assertThat(memory.get("most").orElseThrow()).hasSize(AgentMemory.MOST_BYTES);
    Files.write(file("large"), new byte[AgentMemory.MOST_BYTES + 1]);
    refused(() -> memory.get("large"));
    for (int i = 0; i < AgentMemory.MOST_KEYS; i++) {
      Files.writeString(file("k" + i), "");
    }

    refused(() -> memory.set("more", new byte[1]));

    memory.set("k1", new byte[1]);
    assertThat(memory.list()).hasSize(AgentMemory.MOST_KEYS);
  }
}
