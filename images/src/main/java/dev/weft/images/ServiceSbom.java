package dev.weft.images;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is in an image, as CycloneDX 1.6: the jars by the word of Quarkus's own resolver, with the
 * hashes of the files as they are in the image; the JDK; the distribution's packages.
 */
final class ServiceSbom {
  /** Property that names a file of a component in the image. */
  static final String FILE = "weft:file";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final ServiceImage service;
  private final String version;
  private final Instant created;

  ServiceSbom(ServiceImage service, String version, Instant created) {
    this.service = service;
    this.version = version;
    this.created = created;
  }

  /**
   * @param target the service's, with what quarkus:dependency-sbom wrote
   */
  void write(Path target, BaseImage base, Path file) {
    Path dependencies = target.resolve("dependencies-sbom.json");
    if (!Files.exists(dependencies)) {
      throw new ImageException("no " + dependencies + " (build with -Dimages)");
    }
    try {
      ObjectNode bom = (ObjectNode) JSON.readTree(dependencies.toFile());
      Path app = target.resolve("quarkus-app");
      Files.writeString(file, complete(bom, app, new BaseComponents(base)).toPrettyString() + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ObjectNode complete(ObjectNode bom, Path app, BaseComponents base) {
    ObjectNode metadata = (ObjectNode) bom.path("metadata");
    ObjectNode application = (ObjectNode) metadata.path("component");
    metadata.put("timestamp", created.toString());
    metadata.withArray("lifecycles").addObject().put("phase", "build");
    ArrayNode components = JSON.createArrayNode();
    Set<String> kept = new TreeSet<>();
    for (JsonNode component : bom.path("components")) {
      if (isSelf(component, application) || !isRuntime(component)) {
        continue;
      }
      components.add(jar((ObjectNode) component, app));
      kept.add(component.path("bom-ref").asText());
    }
    components.addAll(base.components());
    String self = application.path("bom-ref").asText();
    kept.add(self);
    base.references().forEach(kept::add);
    bom.set("components", components);
    bom.set("dependencies", dependencies(bom.path("dependencies"), kept, self, base));
    metadata.set("component", container(application, self));
    return bom;
  }

  /** The image itself; its own jars are the rest of {@code /app}. */
  private ObjectNode container(ObjectNode application, String reference) {
    ObjectNode container = JSON.createObjectNode();
    container
        .put("type", "container")
        .put("bom-ref", reference)
        .put("group", "dev.weft")
        .put("name", "weft/" + service.module())
        .put("version", version)
        .put("description", application.path("description").asText());
    container.putArray("licenses").addObject().putObject("license").put("id", "Apache-2.0");
    return container;
  }

  private static ObjectNode jar(ObjectNode component, Path app) {
    String name = fileName(component);
    Path file =
        List.of("lib/main", "lib/boot").stream()
            .map(folder -> app.resolve(folder).resolve(name))
            .filter(Files::exists)
            .findFirst()
            .orElseThrow(
                () -> new ImageException(name + ": a dependency that " + app + " does not have"));
    hash(component, file);
    component
        .withArray("properties")
        .addObject()
        .put("name", FILE)
        .put("value", ServiceImage.HOME + "/" + app.relativize(file));
    return component;
  }

  /** As Quarkus names them. */
  private static String fileName(JsonNode component) {
    String purl = component.path("purl").asText();
    int classifier = purl.indexOf("classifier=");
    String suffix =
        classifier < 0 ? "" : "-" + purl.substring(classifier + 11).replaceAll("&.*", "");
    return "%s.%s-%s%s.jar"
        .formatted(
            component.path("group").asText(),
            component.path("name").asText(),
            component.path("version").asText(),
            suffix);
  }

  /** Of the file: Quarkus leaves out of a few jars what the service doesn't use. */
  private static void hash(ObjectNode component, Path file) {
    component.putArray("hashes").addObject().put("alg", "SHA-256").put("content", sha256(file));
  }

  private static String sha256(Path file) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  private static boolean isSelf(JsonNode component, JsonNode application) {
    return component.path("group").equals(application.path("group"))
        && component.path("name").equals(application.path("name"));
  }

  private static boolean isRuntime(JsonNode component) {
    for (JsonNode property : component.path("properties")) {
      if (property.path("name").asText().equals("quarkus:component:scope")) {
        return property.path("value").asText().equals("runtime");
      }
    }
    return false;
  }

  private static ArrayNode dependencies(
      JsonNode all, Set<String> kept, String self, BaseComponents base) {
    ArrayNode result = JSON.createArrayNode();
    for (JsonNode dependency : all) {
      String reference = dependency.path("ref").asText();
      if (!kept.contains(reference)) {
        continue;
      }
      ObjectNode copy = result.addObject().put("ref", reference);
      ArrayNode on = copy.putArray("dependsOn");
      for (JsonNode other : dependency.path("dependsOn")) {
        if (kept.contains(other.asText())) {
          on.add(other.asText());
        }
      }
      if (reference.equals(self)) {
        base.references().forEach(on::add);
      }
    }
    return result;
  }
}
