package dev.weft.images;

import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What services stand on: a linked JDK and the libraries of this machine's distribution; for the
 * worker also the programs that its sandbox is made of.
 */
final class BaseImages {
  /** The user of every image. */
  static final String USER = "65532:65532";

  /** Where a service may keep something, if it is given a volume. */
  static final String DATA = "/var/lib/weft";

  /**
   * Opened by name, so that no closure shows them; since glibc 2.34 mostly parts of libc itself.
   */
  private static final List<String> BY_NAME =
      List.of(
          "libnss_files.so.2",
          "libnss_dns.so.2",
          "libresolv.so.2",
          "libgcc_s.so.1",
          // Of the mesh's TLS library, which unpacks itself.
          "librt.so.1",
          "libpthread.so.0",
          "libdl.so.2");

  private static final Map<String, String> ETC =
      Map.of(
          "passwd",
          """
          root:x:0:0:root:/:/usr/sbin/nologin
          weft:x:65532:65532::%s:/usr/sbin/nologin
          nobody:x:65534:65534:nobody:/:/usr/sbin/nologin
          """
              .formatted(DATA),
          "group",
          "root:x:0:\nweft:x:65532:\nnogroup:x:65534:\n",
          "nsswitch.conf",
          "hosts: files dns\n",
          // Container engines lay their own over these.
          "hosts",
          "127.0.0.1 localhost\n::1 localhost\n",
          "resolv.conf",
          "");

  private final Path work;
  private final ImageWriter writer;
  private final PackageDatabase packages = new PackageDatabase();

  BaseImages(Path work, ImageWriter writer) {
    this.work = work;
    this.writer = writer;
  }

  /** For services that start no other program. */
  BaseImage plain() {
    JavaRuntime runtime = JavaRuntime.link(work.resolve("java"));
    List<Path> binaries = runtime.binaries();
    SystemFiles libraries = SystemFiles.librariesOf(binaries, packages);
    List<Path> byName = beside(libraries.paths());
    SystemFiles files = libraries.with(SystemFiles.withLibraries(byName, packages));
    JibContainerBuilder image =
        writer
            .scratch()
            .addFileEntriesLayer(system(files))
            .addFileEntriesLayer(
                new LayerFiles("java", work)
                    .tree(runtime.directory(), JavaRuntime.HOME, file -> true)
                    .layer())
            .setUser(USER)
            .setWorkingDirectory(AbsoluteUnixPath.get(DATA))
            .setEnvironment(
                Map.of(
                    "PATH",
                    JavaRuntime.HOME + "/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                    "JAVA_HOME",
                    JavaRuntime.HOME,
                    "HOME",
                    DATA,
                    "LANG",
                    "C.UTF-8",
                    "MALLOC_ARENA_MAX",
                    "2"));
    Path tar = work.resolve("base.tar");
    writer.write(image, "base", tar);
    return new BaseImage(tar, files);
  }

  /** For the worker, on the plain one. */
  BaseImage withSandbox(BaseImage plain) {
    SystemFiles tools =
        SystemFiles.withLibraries(SandboxTools.programs(packages), packages).without(plain.files());
    LayerFiles layer = new LayerFiles("sandbox", work).system(tools.paths());
    layer.file(SandboxTools.shell(), "/bin/sh");
    Path tar = work.resolve("base-sandbox.tar");
    writer.write(
        writer.on(plain.tar()).addFileEntriesLayer(layer.layer()).setUser(USER),
        "base-sandbox",
        tar);
    return new BaseImage(tar, plain.files().with(tools));
  }

  private FileEntriesLayer system(SystemFiles files) {
    LayerFiles layer =
        new LayerFiles("system", work)
            .system(files.paths())
            .directory("/etc", "755", "0:0")
            .directory("/proc", "555", "0:0")
            .directory("/dev", "755", "0:0")
            .directory("/sys", "555", "0:0")
            .directory("/run", "755", "0:0")
            .directory("/tmp", "777", "0:0") // Jib knows no sticky bit; there is one user
            .directory(DATA, "750", USER);
    ETC.forEach((name, text) -> layer.file(write(name, text), "/etc/" + name));
    return layer.layer();
  }

  private Path write(String name, String text) {
    try {
      return Files.writeString(Files.createDirectories(work.resolve("etc")).resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> beside(List<Path> libraries) {
    List<Path> found = new ArrayList<>();
    Path directory =
        libraries.stream()
            .filter(file -> file.endsWith("libc.so.6"))
            .findFirst()
            .orElseThrow(() -> new ImageException("no libc.so.6 (expected: glibc)"))
            .getParent();
    Stream.of(directory, Path.of("/usr").resolve(Path.of("/").relativize(directory)))
        .flatMap(place -> BY_NAME.stream().map(place::resolve))
        .filter(Files::isRegularFile)
        .filter(file -> found.stream().noneMatch(other -> other.endsWith(file.getFileName())))
        .forEach(found::add);
    return found;
  }
}
