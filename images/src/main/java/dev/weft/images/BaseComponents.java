package dev.weft.images;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;

/** The base's part of an SBOM: the JDK and the distribution's packages, with their files. */
final class BaseComponents {
  private final ArrayNode components = JsonNodeFactory.instance.arrayNode();

  BaseComponents(BaseImage base) {
    addJava();
    for (SystemPackage owner : base.files().packages()) {
      add(owner, base.files().of(owner));
    }
  }

  ArrayNode components() {
    return components;
  }

  List<String> references() {
    return StreamSupport.stream(components.spliterator(), false)
        .map((JsonNode component) -> component.path("bom-ref").asText())
        .toList();
  }

  private void addJava() {
    String version = JavaRuntime.release("JAVA_RUNTIME_VERSION");
    String purl = "pkg:generic/openjdk@" + version.replace("+", "%2B");
    ObjectNode java =
        components
            .addObject()
            .put("type", "platform")
            .put("bom-ref", purl)
            .put("publisher", JavaRuntime.release("IMPLEMENTOR"))
            .put("name", "openjdk")
            .put("version", version);
    java.putArray("licenses")
        .addObject()
        .put("expression", "GPL-2.0-only WITH Classpath-exception-2.0");
    java.put("purl", purl);
    ArrayNode properties = java.putArray("properties");
    property(properties, "weft:modules", String.join(" ", JavaRuntime.MODULES));
    property(properties, ServiceSbom.FILE, JavaRuntime.HOME);
  }

  private void add(SystemPackage owner, List<Path> files) {
    ObjectNode component =
        components
            .addObject()
            .put("type", "library")
            .put("bom-ref", owner.purl())
            .put("name", owner.name())
            .put("version", owner.version())
            .put("purl", owner.purl());
    ArrayNode properties = component.putArray("properties");
    files.forEach(file -> property(properties, ServiceSbom.FILE, file.toString()));
  }

  private static void property(ArrayNode properties, String name, String value) {
    properties.addObject().put("name", name).put("value", value);
  }
}
