package dev.weft.images;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is in an image, what it says of itself, and that it is the same each time. */
@Tag("image")
class ContentIT {
  @ParameterizedTest
  @MethodSource("dev.weft.images.UnpackedImage#services")
  void isNotRootAndSaysWhatItIs(ServiceImage service) throws IOException {
    JsonNode config = UnpackedImage.of(service).config();

    assertThat(config.path("User").asText()).isEqualTo("65532:65532");
    assertThat(config.path("Labels").path("org.opencontainers.image.title").asText())
        .isEqualTo(service.title());
    assertThat(config.path("Labels").path("org.opencontainers.image.version").asText())
        .isNotBlank();
    List<String> ports = new ArrayList<>();
    config.path("ExposedPorts").fieldNames().forEachRemaining(ports::add);
    assertThat(ports)
        .containsExactlyInAnyOrderElementsOf(
            service.ports().values().stream().map(port -> port + "/tcp").toList());
  }

  @ParameterizedTest
  @MethodSource("dev.weft.images.UnpackedImage#services")
  void onlyTheWorkerHasAShell(ServiceImage service) throws IOException {
    assertThat(UnpackedImage.of(service).files().contains("/bin/sh"))
        .isEqualTo(service == ServiceImage.WORKER);
  }

  /** A library that comes to need another module would fail only where that is used. */
  @ParameterizedTest
  @MethodSource("dev.weft.images.UnpackedImage#services")
  void theLinkedJdkHasWhatTheJarsNeed(ServiceImage service) throws IOException {
    UnpackedImage image = UnpackedImage.of(service);
    Set<String> needed = new TreeSet<>();
    for (String file : image.files()) {
      if (file.startsWith(ServiceImage.HOME) && file.endsWith(".jar")) {
        needed.addAll(NeededModules.of(image.file(file)));
      }
    }
    // Annotation processors, and verticles given as source text: nobody compiles at run time.
    needed.removeAll(Set.of("java.compiler", "jdk.compiler"));

    assertThat(needed).contains("java.base").isSubsetOf(JavaRuntime.MODULES);
  }

  /** In another folder, by another JVM, in another language. */
  @Test
  void theSameContentIsTheSameImage(@TempDir Path directory) throws IOException {
    ServiceImage service = UnpackedImage.services().getFirst();
    Path target = UnpackedImage.target(service);
    UnpackedImage known = UnpackedImage.of(service);
    String version =
        known.config().path("Labels").path("org.opencontainers.image.version").asText();

    ImageBuild again =
        new ImageBuild(
            target.getParent().getParent(), directory.resolve("work"), version, known.created());
    Path tar = again.build(service, directory);

    assertThat(tar).hasSameBinaryContentAs(target.resolve("jib-image.tar"));
    String sbom = service.module() + "-sbom.json";
    assertThat(directory.resolve(sbom)).hasSameBinaryContentAs(target.resolve(sbom));
  }
}
