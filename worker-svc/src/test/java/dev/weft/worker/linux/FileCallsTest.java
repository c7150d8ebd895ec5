package dev.weft.worker.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernel's calls, on a real file system. */
class FileCallsTest {

  private static final byte[] ODD = {(byte) 0xc3, '(', '\n', (byte) 0xff};

  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rw-------");

  @TempDir private Path directory;

  @Test
  void whatIsWrittenUnderANameOfBytesIsReadUnderIt() throws Exception {
    try (DirHandle at = DirHandle.open(directory)) {
      at.makeDirectory(ODD, 0700);
      try (DirHandle below = at.child(ODD)) {
        write(below, ODD, "content");
        below.mode(ODD, 0640);
        below.modified(ODD, 1_234_567_890_123_456_789L);
        FileStat stat = below.stat(ODD);
        assertThat(stat.kind()).isEqualTo(FileStat.Kind.FILE);
        assertThat(stat.mode()).isEqualTo(0640);
        assertThat(stat.size()).isEqualTo(7);
        assertThat(stat.modifiedNanos()).isEqualTo(1_234_567_890_123_456_789L);
        assertThat(below.list(5_000, 1 << 20)).containsExactly(ODD);
        assertThat(below.list(5_000, 1 << 20)).as("a second look begins anew").containsExactly(ODD);
      }
      try (DirHandle again = at.descend(List.of(ODD))) {
        assertThat(again.stat(ODD).size()).isEqualTo(7);
      }
    }
  }

  @Test
  void aDirectoryScattersItsFoldersWhereItsFileSystemKnowsThat() throws Exception {
    try (DirHandle at = DirHandle.open(directory)) {
      try {
        at.scatterFolders();
      } catch (ErrnoException e) {
        assertThat(Files.getFileStore(directory).type()).doesNotStartWith("ext");
      }
      at.makeDirectory(ODD, 0700);
      assertThat(at.list(5_000, 1 << 20)).containsExactly(ODD);
    }
  }

  @Test
  void manyNamesAreListedOnce() throws Exception {
    for (int i = 0; i < 5_000; i++) {
      Files.createFile(directory.resolve("a-rather-long-name-" + i));
    }
    try (DirHandle at = DirHandle.open(directory)) {
      assertThat(at.list(5_000, 1 << 20)).hasSize(5_000);
    }
  }

  @Test
  void noMoreNamesAreReadThanAreAskedFor() throws Exception {
    for (int i = 0; i < 5_000; i++) {
      Files.createFile(directory.resolve("name-%04d".formatted(i)));
    }
    try (DirHandle at = DirHandle.open(directory)) {
      assertThat(at.list(999, 1 << 20)).hasSize(1_000);
      assertThat(at.list(5_000, 900)).hasSize(101);
    }
  }

  @Test
  void aFileIsCopiedWithinTheKernel() throws Exception {
    Path source = Files.write(directory.resolve("source"), new byte[300_000]);
    try (DirHandle at = DirHandle.open(directory);
        FileHandle from = FileHandle.open(source);
        FileHandle to = at.create(ODD)) {
      assertThat(to.copyFrom(from)).isEqualTo(300_000);
      assertThat(to.stat().size()).isEqualTo(300_000);
    }
  }

  @Test
  void failuresSayWhatTheyAre() throws Exception {
    Files.createSymbolicLink(directory.resolve("link"), directory);
    try (DirHandle at = DirHandle.open(directory)) {
      assertThatThrownBy(() -> at.stat(name("none")))
          .isInstanceOfSatisfying(ErrnoException.class, e -> assertThat(e.notThere()).isTrue());
      assertThatThrownBy(() -> at.child(name("link")))
          .isInstanceOfSatisfying(ErrnoException.class, e -> assertThat(e.notDirectory()).isTrue());
      assertThatThrownBy(() -> at.makeDirectory(name("link"), 0700))
          .isInstanceOfSatisfying(ErrnoException.class, e -> assertThat(e.exists()).isTrue());
      assertThat(at.stat(name("link")).kind()).isEqualTo(FileStat.Kind.LINK);
      assertThat(at.readLink(name("link"))).isEqualTo(name(directory.toString()));
    }
    assertThatThrownBy(() -> DirHandle.open(directory.resolve("link")))
        .isInstanceOf(ErrnoException.class);
  }

  @Test
  void permissionsAreNeverGivenThroughALink(@TempDir Path outside) throws Exception {
    Path secret = secret(outside);
    Files.createSymbolicLink(directory.resolve("link"), secret);
    try (DirHandle at = DirHandle.open(directory)) {
      assertThatThrownBy(() -> at.mode(name("link"), 0777))
          .isInstanceOfSatisfying(ErrnoException.class, e -> assertThat(e.moved()).isTrue());
    }
    assertThat(Files.getPosixFilePermissions(secret)).isEqualTo(PRIVATE);
  }

  @Test
  void whatIsHeldStaysItselfWhenALinkTakesItsName(@TempDir Path outside) throws Exception {
    Path secret = secret(outside);
    Path file = Files.createFile(directory.resolve("file"));
    try (DirHandle at = DirHandle.open(directory);
        DirHandle held = at.locate(name("file"))) {
      Files.move(file, directory.resolve("other"));
      Files.createSymbolicLink(file, secret);

      held.mode(0711);

      assertThat(at.stat(name("other")).mode()).isEqualTo(0711);
    }
    assertThat(Files.getPosixFilePermissions(secret)).isEqualTo(PRIVATE);
  }

  @Test
  void aPipeIsNotTakenHoldOf() throws Exception {
    assertThat(new ProcessBuilder("mkfifo", directory + "/pipe").start().waitFor()).isZero();
    try (DirHandle at = DirHandle.open(directory)) {
      assertThatThrownBy(() -> at.mode(name("pipe"), 0777)).isInstanceOf(ErrnoException.class);
    }
  }

  private static Path secret(Path outside) throws IOException {
    Path secret = Files.createFile(outside.resolve("secret"));
    return Files.setPosixFilePermissions(secret, PRIVATE);
  }

  @Test
  void aPipeThatNobodyWritesToHoldsNobodyUp() throws Exception {
    assertThat(new ProcessBuilder("mkfifo", directory + "/pipe").start().waitFor()).isZero();
    try (DirHandle at = DirHandle.open(directory)) {
      assertThat(at.stat(name("pipe")).kind()).isEqualTo(FileStat.Kind.OTHER);
      at.read(name("pipe")).close();
    }
  }

  @Test
  void aMemoryFileIsReadByAnotherProcessAndIsGoneAfterwards() throws Exception {
    Path path;
    try (MemoryFile file = MemoryFile.of("for your eyes\0only".getBytes(UTF_8))) {
      path = file.path();
      Process reader = new ProcessBuilder("cat", path.toString()).start();
      assertThat(reader.getInputStream().readAllBytes())
          .isEqualTo("for your eyes\0only".getBytes(UTF_8));
    }
    assertThat(path).doesNotExist();
  }

  private static byte[] name(String text) {
    return text.getBytes(UTF_8);
  }

  private static void write(DirHandle at, byte[] name, String text) throws IOException {
    try (Arena arena = Arena.ofConfined();
        FileHandle file = at.create(name)) {
      byte[] bytes = text.getBytes(UTF_8);
      file.write(arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes));
    }
  }
}
