package dev.weft.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.cyclonedx.Version;
import org.cyclonedx.model.Bom;
import org.cyclonedx.model.Component;
import org.cyclonedx.model.Hash;
import org.cyclonedx.model.Property;
import org.cyclonedx.parsers.JsonParser;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The SBOM beside an image tells of all that is in it, and of nothing else. */
@Tag("image")
class SbomIT {
  private static final JsonParser PARSER = new JsonParser();
  private static final Pattern OWN =
      Pattern.compile(
          "/app/(app/weft-[a-z-]+\\.jar|quarkus/(generated|transformed)-bytecode\\.jar"
              + "|quarkus/quarkus-application\\.dat|quarkus-run\\.jar|quarkus-app-dependencies\\.txt)");

  @ParameterizedTest
  @MethodSource("dev.weft.images.UnpackedImage#services")
  void isValidCycloneDx(ServiceImage service) throws Exception {
    Path file = sbom(service);

    assertThat(PARSER.validate(file.toFile(), Version.VERSION_16)).isEmpty();
    Component subject = PARSER.parse(file.toFile()).getMetadata().getComponent();
    assertThat(subject.getName()).isEqualTo("weft/" + service.module());
    assertThat(subject.getType()).isEqualTo(Component.Type.CONTAINER);
  }

  @ParameterizedTest
  @MethodSource("dev.weft.images.UnpackedImage#services")
  void jarsOfTheImageAreThoseOfTheSbom(ServiceImage service) throws Exception {
    UnpackedImage image = UnpackedImage.of(service);
    Map<String, String> found = new TreeMap<>();
    for (String file : image.files()) {
      if (file.startsWith(ServiceImage.HOME + "/lib/")) {
        found.put(file, sha256(image.file(file)));
      }
    }

    Map<String, String> told = new TreeMap<>();
    libraries(service).forEach(jar -> told.put(files(jar).getFirst(), hash(jar)));

    assertThat(found).isNotEmpty().isEqualTo(told);
  }

  @ParameterizedTest
  @MethodSource("dev.weft.images.UnpackedImage#services")
  void everyJarHasALicenceAndAnAddress(ServiceImage service) throws Exception {
    assertThat(libraries(service))
        .allSatisfy(
            jar -> {
              assertThat(jar.getPurl()).contains(jar.getGroup(), jar.getName(), jar.getVersion());
              if (!jar.getGroup().equals("dev.weft")) {
                assertThat(jar.getLicenses()).as(jar.getPurl()).isNotNull();
              }
            });
  }

  @ParameterizedTest
  @MethodSource("dev.weft.images.UnpackedImage#services")
  void filesOfTheDistributionHaveTheirPackage(ServiceImage service) throws Exception {
    List<String> found =
        UnpackedImage.of(service).files().stream()
            .filter(file -> Stream.of("/app", "/opt", "/etc").noneMatch(file::startsWith))
            .filter(file -> !file.equals("/bin/sh")) // dash under another name
            .toList();

    List<String> told =
        components(service).stream()
            .filter(part -> part.getPurl().startsWith("pkg:deb/"))
            .flatMap(part -> files(part).stream())
            .sorted()
            .toList();

    assertThat(found).anyMatch(file -> file.endsWith("/libc.so.6")).isEqualTo(told);
  }

  /** The SBOM's subject, so no component of it. */
  @ParameterizedTest
  @MethodSource("dev.weft.images.UnpackedImage#services")
  void whatElseIsThereIsTheServiceItself(ServiceImage service) throws Exception {
    assertThat(UnpackedImage.of(service).files())
        .filteredOn(file -> file.startsWith("/app/") && !file.startsWith("/app/lib/"))
        .isNotEmpty()
        .allMatch(file -> OWN.matcher(file).matches());
  }

  @ParameterizedTest
  @MethodSource("dev.weft.images.UnpackedImage#services")
  void theJdkIsTold(ServiceImage service) throws Exception {
    Component java =
        components(service).stream()
            .filter(part -> part.getName().equals("openjdk"))
            .findFirst()
            .orElseThrow();

    assertThat(java.getVersion()).startsWith(Integer.toString(Runtime.version().feature()));
    assertThat(files(java)).containsExactly(JavaRuntime.HOME);
  }

  private static List<Component> libraries(ServiceImage service) throws Exception {
    return components(service).stream()
        .filter(part -> part.getPurl().startsWith("pkg:maven/"))
        .toList();
  }

  private static List<Component> components(ServiceImage service) throws Exception {
    Bom bom = PARSER.parse(sbom(service).toFile());
    return bom.getComponents();
  }

  private static Path sbom(ServiceImage service) {
    return UnpackedImage.target(service).resolve(service.module() + "-sbom.json");
  }

  private static List<String> files(Component component) {
    return component.getProperties().stream()
        .filter(property -> property.getName().equals(ServiceSbom.FILE))
        .map(Property::getValue)
        .toList();
  }

  private static String hash(Component component) {
    return component.getHashes().stream()
        .filter(hash -> hash.getAlgorithm().equals(Hash.Algorithm.SHA_256.getSpec()))
        .map(Hash::getValue)
        .findFirst()
        .orElse("none");
  }

  private static String sha256(Path file) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }
}
