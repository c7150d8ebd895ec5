package dev.weft.worker.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.worker.app.InvalidWorkException;
import dev.weft.worker.app.Workspace;
import dev.weft.worker.domain.AttemptKey;
import dev.weft.worker.domain.SandboxLevel;
import dev.weft.worker.domain.Work;
import dev.weft.worker.domain.Work.Confinement;
import dev.weft.worker.domain.Work.InlineFile;
import dev.weft.worker.domain.Work.NetworkAccess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths that come with a task lead nowhere but into its workspace (S14). */
class SafePathTest {

  @TempDir private Path data;

  /** Every way up, in every place of a path, in every spelling that some program takes for one. */
  static Stream<String> escapes() {
    List<String> ups =
        List.of(
            "..",
            "../",
            "./..",
            "a/..",
            "a/../..",
            "a/./b",
            ".",
            "./a",
            "a/.",
            "//",
            "a//b",
            "/",
            "/etc/passwd",
            "/..",
            "a/",
            "..\\",
            "..\\..\\a",
            "a\\..\\b",
            "C:\\a",
            "\\\\host\\a",
            "a\0b",
            "a\nb",
            "a\rb",
            "\u007f",
            "a\u0000/../b",
            "\ufffd",
            "\t",
            "");
    List<String> all = new ArrayList<>(ups);
    for (String up : List.of("..", ".", "", "a\0", "..\\x")) {
      for (String before : List.of("a/", "a/b/", "a/b/c/", "../", "./", "/")) {
        for (String after : List.of("", "/a", "/a/b", "/../a", "/.", "/")) {
          all.add(before + up + after);
        }
      }
    }
    all.add("a/".repeat(600) + "a");
    all.add("x".repeat(256));
    all.add("ä".repeat(128));
    return all.stream().distinct();
  }

  @ParameterizedTest
  @MethodSource("escapes")
  void pathThatLeadsOutOrIsOddIsRefused(String path) {
    assertThatThrownBy(() -> SafePath.require("file path", path))
        .isInstanceOf(InvalidWorkException.class)
        .hasMessageStartingWith("file path: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "a/b/c.txt",
        "...",
        "..a",
        "a..",
        "a b",
        "ä/ö",
        "%2e%2e/x",
        "%252e%252e",
        "-rf",
        "~",
        "a:b",
        ".hidden/x",
        "$(id)",
        "*"
      })
  void ordinaryNamesAreTakenAsTheyAre(String path) throws Exception {
    assertThat(SafePath.require("file path", path)).isEqualTo(path);
  }

  @Test
  void filesLieWhereTheyWereAskedForAndNothingIsLeftOfThem() throws Exception {
    DirectoryWorkspaces workspaces = workspaces();
    Workspace workspace =
        workspaces.open(
            new AttemptKey("tsk_x", 1, 1),
            work(
                new InlineFile("a/b.txt", bytes("b"), false),
                new InlineFile("c", bytes("c"), true)));

    assertThat(workspace.directory().resolve("a/b.txt")).hasContent("b");
    assertThat(Files.isExecutable(workspace.directory().resolve("c"))).isTrue();
    Path link = workspace.directory().resolve("link");
    Path outside = Files.writeString(data.resolve("outside"), "stays");
    Files.createSymbolicLink(link, outside);
    workspace.close();
    assertThat(workspace.backstage()).doesNotExist();
    assertThat(outside).hasContent("stays");
  }

  @Test
  void oneNameTwiceOrAFileAsAFolderIsRefusedAndLeavesNothing() throws Exception {
    DirectoryWorkspaces workspaces = workspaces();
    InlineFile file = new InlineFile("a", bytes("x"), false);
    AttemptKey key = new AttemptKey("tsk_x", 1, 2);

    assertThatThrownBy(() -> workspaces.open(key, work(file, file)))
        .isInstanceOf(InvalidWorkException.class);
    assertThatThrownBy(
            () -> workspaces.open(key, work(file, new InlineFile("a/b", bytes("x"), false))))
        .isInstanceOf(InvalidWorkException.class);
    try (Stream<Path> left = Files.find(data, 9, (path, a) -> path.endsWith(key.fileName()))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aFolderThatIsClosedToItsOwnerIsTheTasksMistakeNotTheSandboxs() throws Exception {
    try (Workspace workspace = workspaces().open(new AttemptKey("tsk_x", 1, 3))) {
      folder(workspace, "closed", "---------");
      folder(workspace, "fixed", "r-xr-xr-x");

      workspace.furnish(in("fixed"));
      for (Work.Shell wrong :
          List.of(
              in("closed"),
              in("fixed/new"),
              work(new InlineFile("fixed/x", bytes("x"), false)),
              work(new InlineFile("closed/x", bytes("x"), false)))) {
        assertThatThrownBy(() -> workspace.furnish(wrong))
            .isInstanceOf(InvalidWorkException.class)
            .hasMessageContaining("(expected: folders that allow their owner OWNER_");
      }
    }
  }

  private static void folder(Workspace workspace, String name, String mode) throws IOException {
    Path made = Files.createDirectory(workspace.directory().resolve(name));
    Files.setPosixFilePermissions(made, PosixFilePermissions.fromString(mode));
  }

  @Test
  void hardToRemoveLeftoversAreRemoved() throws Exception {
    Path stubborn = Files.createDirectories(data.resolve("stubborn/inner"));
    Files.writeString(stubborn.resolve("file"), "x");
    Files.setPosixFilePermissions(stubborn, java.util.Set.of());

    assertThat(Removal.remove(data.resolve("stubborn"), LaunchThread.begin())).isTrue();
  }

  private DirectoryWorkspaces workspaces() throws Exception {
    return new DirectoryWorkspaces(
        new AttemptRoot(
            data, Files.createDirectories(data.resolve("i1")).toRealPath(), AttemptRoot.isRoot()),
        LaunchThread.begin());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Work.Shell work(InlineFile... files) {
    return work("", files);
  }

  private static Work.Shell in(String workingDirectory) {
    return work(workingDirectory);
  }

  private static Work.Shell work(String workingDirectory, InlineFile... files) {
    return new Work.Shell(
        List.of("true"),
        false,
        List.of(files),
        Map.of(),
        new byte[0],
        workingDirectory,
        new Confinement(SandboxLevel.BUBBLEWRAP, NetworkAccess.NONE),
        0);
  }
}
