package dev.weft.images;

import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.Port;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Builds images of built services: {@code <service>/target/jib-image.tar}, and {@code
 * <service>/target/<service>-sbom.json} from what Quarkus wrote of its dependencies.
 */
final class ImageBuild {
  private final Path root;
  private final Path work;
  private final String version;
  private final Instant created;
  private final ImageWriter writer;
  private final BaseImages bases;
  private @Nullable BaseImage plain;

  /**
   * @param root the checkout
   * @param work an own folder, emptied now
   * @param created of all images
   */
  ImageBuild(Path root, Path work, String version, Instant created) throws IOException {
    this.root = root;
    this.work = work;
    this.version = version;
    this.created = created;
    deleteTree(work);
    Files.createDirectories(work);
    this.writer = new ImageWriter(work.resolve("layers"), created, version);
    this.bases = new BaseImages(work, writer);
  }

  /** Usage: ImageBuild ROOT VERSION CREATED all|SERVICE,SERVICE… */
  public static void main(String[] args) throws IOException {
    if (args.length != 4) {
      throw new IllegalArgumentException(
          args.length + " arguments (expected: root, version, time, services)");
    }
    Path root = Path.of(args[0]).toAbsolutePath().normalize();
    ImageBuild build =
        new ImageBuild(root, root.resolve("images/target/work"), args[1], Instant.parse(args[2]));
    for (ServiceImage service : ServiceImage.parse(args[3])) {
      Path tar = build.build(service, target(root, service));
      System.out.printf("%s: %,d KiB%n", root.relativize(tar), Files.size(tar) / 1024);
    }
  }

  /** Writes both files into the directory; returns the image. */
  Path build(ServiceImage service, Path directory) {
    BaseImage base = base(service);
    Path tar = directory.resolve("jib-image.tar");
    writer.write(image(service, base), service.module(), tar);
    new ServiceSbom(service, version, created)
        .write(target(root, service), base, directory.resolve(service.module() + "-sbom.json"));
    return tar;
  }

  private BaseImage base(ServiceImage service) {
    if (plain == null) {
      plain = bases.plain();
    }
    return service.runsSandboxes() ? bases.withSandbox(plain) : plain;
  }

  private static Path target(Path root, ServiceImage service) {
    return root.resolve(service.module()).resolve("target");
  }

  private JibContainerBuilder image(ServiceImage service, BaseImage base) {
    Path app = target(root, service).resolve("quarkus-app");
    if (!Files.exists(app.resolve("quarkus-run.jar"))) {
      throw new ImageException("not built: " + app + " (build it with: ./mvnw package)");
    }
    return writer
        .on(base.tar())
        // What changes least comes first.
        .addFileEntriesLayer(
            new LayerFiles("dependencies", work)
                .tree(app.resolve("lib"), ServiceImage.HOME + "/lib", file -> !isOwn(file))
                .layer())
        .addFileEntriesLayer(
            new LayerFiles("application", work)
                .tree(
                    app,
                    ServiceImage.HOME,
                    file -> !file.startsWith(app.resolve("lib")) ? isJarOrData(file) : isOwn(file))
                .layer())
        .setEntrypoint(service.entrypoint())
        .setEnvironment(service.environment())
        .setExposedPorts(
            service.ports().values().stream().map(Port::tcp).collect(Collectors.toSet()))
        .setUser(BaseImages.USER)
        .setWorkingDirectory(AbsoluteUnixPath.get(BaseImages.DATA))
        .setLabels(labels(service));
  }

  /** Changes with every version of ours. */
  private static boolean isOwn(Path file) {
    return file.getFileName().toString().startsWith("dev.weft.");
  }

  /** Class archives of local runs lie beside them. */
  private static boolean isJarOrData(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".jar") || name.endsWith(".dat") || name.endsWith(".txt");
  }

  private Map<String, String> labels(ServiceImage service) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("org.opencontainers.image.title", service.title());
    labels.put("org.opencontainers.image.version", version);
    labels.put("org.opencontainers.image.licenses", "Apache-2.0");
    SystemCommand revision = SystemCommand.run("git", "-C", root.toString(), "rev-parse", "HEAD");
    if (revision.succeeded()) {
      labels.put("org.opencontainers.image.revision", revision.output().strip());
    }
    return labels;
  }

  private static void deleteTree(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
