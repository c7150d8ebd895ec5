package dev.weft.images;

import dev.weft.parts.Binary;
import dev.weft.parts.BinaryFinder;
import dev.weft.parts.ChildProcess;
import dev.weft.parts.Launch;
import dev.weft.parts.Lifetime;
import dev.weft.parts.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An image as it runs in a container: its own files and nothing of this machine's, read-only, as
 * its own user; with a volume, a folder of secrets, and this machine's network.
 */
final class ImageProcess implements AutoCloseable {
  /** Where the secrets are. */
  static final String SECRETS = "/run/weft";

  private final ChildProcess child;

  private ImageProcess(ChildProcess child) {
    this.child = child;
  }

  /**
   * @param nested whether sandboxes can be made in it: its /proc is then this machine's, because
   *     the kernel mounts a new one only for who sees all of an old one
   */
  static ImageProcess start(
      UnpackedImage image,
      boolean nested,
      Path directory,
      Path secrets,
      Map<String, String> environment)
      throws IOException {
    Binary bubblewrap = new BinaryFinder(System.getenv()).require(Tool.BUBBLEWRAP);
    Path data = Files.createDirectories(directory.resolve("data"));
    List<String> command = new ArrayList<>(List.of(bubblewrap.executable().toString()));
    command.addAll(walls(image, data, secrets));
    command.addAll(
        nested ? List.of("--bind", "/proc", "/proc") : List.of("--unshare-pid", "--proc", "/proc"));
    image.environment().forEach(setting -> command.addAll(set(setting.split("=", 2))));
    environment.forEach((name, value) -> command.addAll(set(name, value)));
    command.add("--");
    command.addAll(image.entrypoint());
    return new ImageProcess(
        ChildProcess.start(
            new Launch(
                command,
                bubblewrap.environment(),
                directory,
                directory.resolve("output.log"),
                Lifetime.OWNER,
                Optional.empty())));
  }

  private static List<String> walls(UnpackedImage image, Path data, Path secrets) {
    String[] user = image.config().path("User").asText().split(":");
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("--unshare-user", "--unshare-ipc", "--unshare-uts"));
    arguments.addAll(List.of("--die-with-parent", "--uid", user[0], "--gid", user[1]));
    arguments.addAll(List.of("--ro-bind", image.root().toString(), "/"));
    arguments.addAll(List.of("--dev", "/dev", "--tmpfs", "/tmp"));
    arguments.addAll(List.of("--tmpfs", "/run", "--ro-bind", secrets.toString(), SECRETS));
    arguments.addAll(List.of("--bind", data.toString(), BaseImages.DATA));
    arguments.addAll(List.of("--chdir", image.config().path("WorkingDir").asText(), "--clearenv"));
    return arguments;
  }

  private static List<String> set(String... setting) {
    return List.of("--setenv", setting[0], setting[1]);
  }

  boolean isRunning() {
    return child.isRunning();
  }

  /** All that it has printed. */
  String output() {
    try {
      return Files.readString(child.log());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    child.kill();
  }
}
