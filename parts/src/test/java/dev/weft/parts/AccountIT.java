package dev.weft.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL as root, who may not run it, and as a user without any rights. */
class AccountIT {
  private Path open;

  @BeforeEach
  void makeFolder() {
    open = TestFiles.openDirectory();
  }

  @AfterEach
  void deleteFolder() {
    CacheDirectory.deleteTree(open);
  }

  @Test
  void serverNeverRunsAsRoot() throws IOException {
    try (PostgresProcess postgres = start(open.resolve("pg"))) {
      long pid = postgres.stamp().orElseThrow().pid();
      assertThat((Integer) Files.getAttribute(Path.of("/proc/" + pid), "unix:uid")).isNotZero();
    }
  }

  @Test
  void folderThatTheAccountCannotEnterIsReplacedAndSaysWhere(@TempDir Path closed)
      throws IOException {
    try (PostgresProcess postgres = start(closed)) {
      assertThat(postgres.isRunning()).isTrue();
      if (Account.runsAsRoot()) {
        Path location =
            Path.of(Files.readString(closed.resolve("LOCATION")).lines().findFirst().orElseThrow());
        assertThat(location.resolve("data/PG_VERSION")).exists();
        assertThat(postgres.launch().directory()).isEqualTo(location.resolve("data"));
      }
    } finally {
      PostgresProcess.deleteData(closed);
    }
    assertThat(closed.resolve("LOCATION")).doesNotExist();
  }

  /** The same classes in a JVM of nobody, whose home is a folder of its own. */
  @Test
  void ordinaryUserRunsAllThree() throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", copiedClassPath(), AllThree.class.getName(), open.toString()));
    if (Account.runsAsRoot()) {
      Account account = new Account("nobody", 65534, 65534);
      account.own(open);
      command = new ArrayList<>(account.wrap(command));
    }
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(open.toFile()).redirectErrorStream(true);
    builder.environment().put("HOME", open.toString());
    builder.environment().remove("XDG_CACHE_HOME");
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains("all three answer");
  }

  private static PostgresProcess start(Path directory) {
    return PostgresProcess.start(
        new PostgresSettings(
            directory, FreePort.find(), UUID.randomUUID().toString(), Lifetime.OWNER),
        new BinaryFinder(System.getenv()));
  }

  /** Root's Maven repository is closed to others. */
  private String copiedClassPath() throws IOException {
    List<String> copies = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path source = Path.of(entry);
      assumeThat(source).exists();
      Path copy = open.resolve("classpath").resolve(copies.size() + "-" + source.getFileName());
      copyTree(source, copy);
      copies.add(copy.toString());
    }
    return String.join(File.pathSeparator, copies);
  }

  private static void copyTree(Path source, Path target) throws IOException {
    try (Stream<Path> paths = Files.walk(source)) {
      for (Path path : (Iterable<Path>) paths::iterator) {
        Path copy = target.resolve(source.relativize(path).toString());
        Files.createDirectories(copy.getParent());
        if (Files.isDirectory(path)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(path, Files.isDirectory(copy) ? target : copy);
        }
      }
    }
  }

  /** Runs as that user. */
  static final class AllThree {
    private AllThree() {}

    public static void main(String[] arguments) {
      Path directory = Path.of(arguments[0]);
      BinaryFinder finder = new BinaryFinder(System.getenv());
      try (PostgresProcess postgres = start(directory.resolve("pg"));
          RedisProcess redis =
              RedisProcess.start(
                  new RedisSettings(
                      directory.resolve("redis"), FreePort.find(), "pw", Lifetime.OWNER),
                  finder);
          ConsulProcess consul =
              ConsulProcess.start(
                  new ConsulSettings(
                      directory.resolve("consul"),
                      new ConsulSettings.Ports(FreePort.find(), FreePort.find(), FreePort.find()),
                      UUID.randomUUID().toString(),
                      UUID.randomUUID().toString(),
                      Lifetime.OWNER),
                  finder)) {
        if (postgres.isRunning() && redis.isRunning() && consul.isRunning()) {
          System.out.println("all three answer");
        }
      }
    }
  }
}
