package dev.weft.cli.ignore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Decides as git does: random ignore files over random trees, and the real {@code git check-ignore}
 * asked of every path.
 */
class GitComparisonTest {
  private static final String[] NAMES = {
    "a", "b", "ab", "a.c", "b.c", "x", "[a]", "a b", "é", "#a", "!b"
  };
  private static final String[] PARTS = {
    "a",
    "b",
    "ab",
    ".c",
    "*",
    "*",
    "?",
    "**",
    "**/",
    "/",
    "/",
    "[ab]",
    "[!a]",
    "[a-b]",
    "\\*",
    "\\a",
    "x",
    " ",
    "\\ ",
    "[",
    "[]a]",
    "é",
    "***",
    "[[:alpha:]]",
    "\\",
    "#",
    "!"
  };
  private static final int PATTERNS = 6;
  private static final int ROUNDS = 12;

  @TempDir Path home;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyPathIsDecidedAsByGit(long seed) throws Exception {
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      Path top = Files.createDirectory(home.resolve("r" + round));
      git(top, new byte[0], "init", "-q");
      List<String> paths = tree(top, random);
      Map<String, String> files = ignoreFiles(top, paths, random);

      Set<String> ours = ours(files, paths);

      assertThat(ours).as("seed %d: %s", seed, files).isEqualTo(gits(top, paths));
    }
  }

  /** Directories end with a slash. */
  private static List<String> tree(Path top, Random random) throws IOException {
    Set<String> paths = new TreeSet<>();
    for (int i = 0; i < 25; i++) {
      StringBuilder path = new StringBuilder();
      int depth = 1 + random.nextInt(4);
      for (int level = 0; level < depth; level++) {
        path.append(NAMES[random.nextInt(NAMES.length)]).append(level < depth - 1 ? "/" : "");
      }
      Path file = top.resolve(path.toString());
      if (Files.exists(file) || !parentsAreFolders(top, path.toString())) {
        continue;
      }
      Files.createDirectories(file.getParent());
      Files.createFile(file);
      paths.add(path.toString());
    }
    for (String path : List.copyOf(paths)) {
      for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
        paths.add(path.substring(0, slash + 1));
      }
    }
    return List.copyOf(paths);
  }

  private static boolean parentsAreFolders(Path top, String path) {
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      if (Files.isRegularFile(top.resolve(path.substring(0, slash)))) {
        return false;
      }
    }
    return true;
  }

  /** At the top and in some directory; by the directory's path with its slash. */
  private static Map<String, String> ignoreFiles(Path top, List<String> paths, Random random)
      throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    List<String> folders = new ArrayList<>(List.of(""));
    paths.stream().filter(path -> path.endsWith("/")).forEach(folders::add);
    for (String folder : List.of("", folders.get(random.nextInt(folders.size())))) {
      StringBuilder content = new StringBuilder();
      for (int i = 0; i < PATTERNS; i++) {
        content.append(random.nextInt(4) == 0 ? "!" : "");
        int parts = 1 + random.nextInt(4);
        for (int part = 0; part < parts; part++) {
          content.append(PARTS[random.nextInt(PARTS.length)]);
        }
        content.append(random.nextInt(4) == 0 ? "/" : "").append('\n');
      }
      files.put(folder, content.toString());
      Files.writeString(top.resolve(folder + ".gitignore"), content);
    }
    return files;
  }

  private static Set<String> ours(Map<String, String> files, List<String> paths) {
    Set<String> ignored = new HashSet<>();
    for (String path : paths) {
      boolean directory = path.endsWith("/");
      String plain = directory ? path.substring(0, path.length() - 1) : path;
      int slash = plain.lastIndexOf('/') + 1;
      boolean inside = slash > 0 && ignored.contains(plain.substring(0, slash));
      if (inside
          || rules(files, plain.substring(0, slash))
              .ignores(bytes(plain), bytes(plain.substring(0, slash)).length, directory)) {
        ignored.add(path);
      }
    }
    return ignored;
  }

  private static IgnoreRules rules(Map<String, String> files, String folder) {
    IgnoreRules rules = IgnoreRules.none();
    for (int at = 0; at <= folder.length(); at = folder.indexOf('/', at) + 1) {
      String content = files.get(folder.substring(0, at));
      rules =
          rules.inside(
              bytes(folder.substring(0, at)).length,
              content == null ? null : IgnoreFile.parse(bytes(content)),
              null);
      if (folder.indexOf('/', at) < 0) {
        break;
      }
    }
    return rules;
  }

  private static Set<String> gits(Path top, List<String> paths) throws Exception {
    ByteArrayOutputStream asked = new ByteArrayOutputStream();
    Map<String, String> plain = new LinkedHashMap<>();
    paths.forEach(path -> plain.put(path.replaceFirst("/$", ""), path)); // git looks what it is.
    for (String path : plain.keySet()) {
      asked.write(bytes(path));
      asked.write(0);
    }
    byte[] answer = git(top, asked.toByteArray(), "check-ignore", "--no-index", "-z", "--stdin");
    Set<String> ignored = new HashSet<>();
    int start = 0;
    for (int i = 0; i < answer.length; i++) {
      if (answer[i] == 0) {
        ignored.add(
            plain.get(new String(Arrays.copyOfRange(answer, start, i), StandardCharsets.UTF_8)));
        start = i + 1;
      }
    }
    return ignored;
  }

  private static byte[] git(Path top, byte[] stdin, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("git", "-c", "core.excludesFile=/dev/null"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(top.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
    builder.environment().put("HOME", top.toString());
    Process process = builder.start();
    try (var in = process.getOutputStream()) {
      in.write(stdin);
    }
    byte[] answer = process.getInputStream().readAllBytes();
    assertThat(process.waitFor()).as(String.join(" ", command)).isIn(0, 1);
    return answer;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
