package dev.weft.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.client.MeshApi;
import dev.weft.cli.output.OptionFault;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a worker must offer, and for whom it is. */
final class NeedOptions {
  @Option(
      names = "--cap",
      paramLabel = "NAME[:P]",
      description = "a capability, with at least proficiency P of 0..1; repeatable")
  List<String> capabilities = new ArrayList<>();

  @Option(names = "--region", description = "run only in this region")
  @Nullable String region;

  @Option(
      names = "--near",
      paramLabel = "REGION",
      description = "where its user is: rather on a worker near it, but never wait for one")
  @Nullable String near;

  @Option(
      names = "--user",
      paramLabel = "NAME",
      description =
          "on whose behalf: work of one user rather runs on the same few workers; in a tenant with"
              + " a tier, within the user's limits (weft limits)")
  @Nullable String user;

  @Option(names = "--gpus", description = "GPUs that the worker must have")
  int gpus;

  @Option(names = "--gpu", description = "the same as --gpus 1")
  boolean gpu;

  @Option(
      names = "--llm",
      paramLabel = "MODEL",
      description = "a language model that the worker must serve")
  @Nullable String llm;

  void addTo(ObjectNode spec) {
    ObjectNode requirements = MeshApi.JSON.createObjectNode();
    if (!capabilities.isEmpty()) {
      ArrayNode all = requirements.putArray("capabilities");
      capabilities.forEach(text -> all.add(capability(text)));
    }
    putText(requirements, "region", region);
    putText(requirements, "llmModel", llm);
    if (gpus < 0) {
      throw new OptionFault("--gpus", Integer.toString(gpus), "0 or more");
    }
    if (gpus > 0 || gpu) {
      requirements.put("gpus", Math.max(gpus, 1));
    }
    putText(spec, "userRegion", near);
    putText(spec, "user", user);
    if (!requirements.isEmpty()) {
      spec.set("requirements", requirements);
    }
  }

  private static ObjectNode capability(String text) {
    int colon = text.indexOf(':');
    ObjectNode capability = MeshApi.JSON.createObjectNode();
    if (colon < 0) {
      return capability.put("name", text);
    }
    try {
      return capability
          .put("name", text.substring(0, colon))
          .put("minProficiency", Double.parseDouble(text.substring(colon + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "--cap: " + text + " (expected: NAME or NAME:P, P a number of 0..1)", e);
    }
  }

  private static void putText(ObjectNode node, String field, @Nullable String text) {
    if (text != null && !text.isEmpty()) {
      node.put(field, text);
    }
  }
}
