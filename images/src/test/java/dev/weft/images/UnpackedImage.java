package dev.weft.images;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * An image as a container engine sees it: its configuration, and its layers one over the other.
 *
 * @param document the image's configuration
 * @param root its files, owned by whoever runs the test
 */
record UnpackedImage(JsonNode document, Path root) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<ServiceImage, UnpackedImage> KNOWN = new EnumMap<>(ServiceImage.class);

  /** The one that was built for a service; unpacked once for all tests. */
  static synchronized UnpackedImage of(ServiceImage service) throws IOException {
    UnpackedImage known = KNOWN.get(service);
    if (known == null) {
      Path tar = target(service).resolve("jib-image.tar");
      known = unpack(tar, Path.of("target", "unpacked", service.module()).toAbsolutePath());
      KNOWN.put(service, known);
    }
    return known;
  }

  /** The services whose images were built: -Dimages. */
  static List<ServiceImage> services() {
    return ServiceImage.parse(System.getProperty("weft.images", ""));
  }

  static Path target(ServiceImage service) {
    return Path.of("..", service.module(), "target").toAbsolutePath().normalize();
  }

  private static UnpackedImage unpack(Path tar, Path directory) throws IOException {
    deleteTree(directory);
    Path files = Files.createDirectories(directory.resolve("image"));
    try (InputStream in = Files.newInputStream(tar)) {
      extract(in, files);
    }
    JsonNode manifest = JSON.readTree(files.resolve("manifest.json").toFile()).path(0);
    Path root = Files.createDirectories(directory.resolve("root"));
    for (JsonNode layer : manifest.path("Layers")) {
      try (InputStream in =
          new GZIPInputStream(Files.newInputStream(files.resolve(layer.asText())))) {
        extract(in, root);
      }
    }
    JsonNode document = JSON.readTree(files.resolve(manifest.path("Config").asText()).toFile());
    deleteTree(files);
    return new UnpackedImage(document, root);
  }

  /** What it says of how it is run. */
  JsonNode config() {
    return document.path("config");
  }

  Instant created() {
    return Instant.parse(document.path("created").asText());
  }

  private static void extract(InputStream in, Path directory) throws IOException {
    TarArchiveInputStream tar = new TarArchiveInputStream(in);
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      Path target = directory.resolve(entry.getName()).normalize();
      if (!target.startsWith(directory)) {
        throw new IOException(entry.getName() + ": leads out of the image");
      }
      if (entry.isDirectory()) {
        Files.createDirectories(target);
      } else {
        Files.createDirectories(target.getParent());
        Files.copy(tar, target, StandardCopyOption.REPLACE_EXISTING);
        boolean program = (entry.getMode() & 0100) != 0;
        Files.setPosixFilePermissions(
            target, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
      }
    }
  }

  /** Paths in the image, sorted. */
  List<String> files() throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile)
          .map(file -> "/" + root.relativize(file))
          .sorted()
          .toList();
    }
  }

  Path file(String path) {
    return root.resolve(path.substring(1));
  }

  List<String> entrypoint() {
    List<String> words = new ArrayList<>();
    config().path("Entrypoint").forEach(word -> words.add(word.asText()));
    return words;
  }

  List<String> environment() {
    List<String> settings = new ArrayList<>();
    config().path("Env").forEach(setting -> settings.add(setting.asText()));
    return settings;
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
