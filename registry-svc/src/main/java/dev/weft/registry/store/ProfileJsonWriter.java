package dev.weft.registry.store;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.registry.domain.profile.Machine;
import dev.weft.registry.domain.profile.Sandboxing;
import dev.weft.registry.domain.profile.Skills;
import dev.weft.registry.domain.profile.WorkerProfile;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** The writing half of {@link ProfileJson}. */
final class ProfileJsonWriter {

  private ProfileJsonWriter() {}

  static void write(ObjectNode root, WorkerProfile profile) {
    root.put("name", profile.identity().name());
    root.put("kind", profile.identity().kind());
    root.put("version", profile.identity().version());
    ObjectNode labels = root.putObject("labels");
    new TreeMap<>(profile.identity().labels()).forEach(labels::put);
    skills(root, profile.skills());
    machine(root, profile.machine());
    sandboxing(root, profile.sandboxing());
    root.putObject("location")
        .put("region", profile.location().region())
        .put("site", profile.location().site())
        .put("latencyNanos", profile.location().latency().toNanos());
    root.putObject("price")
        .put("microsPerHour", profile.price().microsPerHour())
        .put("currency", profile.price().currencyCode());
  }

  private static void skills(ObjectNode root, Skills skills) {
    each(
        root,
        "capabilities",
        skills.capabilities(),
        (node, c) -> node.put("name", c.name()).put("proficiency", c.proficiency()));
    texts(root.putArray("executors"), skills.executors());
    texts(root.putArray("queues"), skills.queues());
    each(
        root,
        "llmModels",
        skills.llmModels(),
        (node, m) ->
            node.put("model", m.model())
                .put("maxContext", m.maxContext())
                .put("tokensPerSecond", m.tokensPerSecond())
                .put("concurrentRequests", m.concurrentRequests()));
    each(
        root,
        "visionModels",
        skills.visionModels(),
        (node, m) ->
            node.put("model", m.model())
                .put("ocr", m.supportsOcr())
                .put("imageGeneration", m.supportsImageGeneration()));
    each(
        root,
        "codeAnalysis",
        skills.codeAnalysis(),
        (node, a) -> texts(node.put("tool", a.tool()).putArray("languages"), a.languages()));
    var browsers = skills.browserAutomation();
    if (browsers != null) {
      root.putObject("browserAutomation")
          .put("tool", browsers.tool())
          .put("headless", browsers.headless())
          .put("vncPort", browsers.vncPort())
          .put("recording", browsers.recording())
          .put("concurrentSessions", browsers.concurrentSessions());
    }
  }

  private static void machine(ObjectNode root, Machine machine) {
    ObjectNode hardware =
        root.putObject("hardware")
            .put("cpuMilli", machine.hardware().cpuMilli())
            .put("memoryBytes", machine.hardware().memoryBytes())
            .put("diskBytes", machine.hardware().diskBytes());
    each(
        hardware,
        "gpus",
        machine.hardware().gpus(),
        (node, g) -> node.put("model", g.model()).put("memoryBytes", g.memoryBytes()));
    var network = machine.network();
    if (network != null) {
      root.putObject("network")
          .put("bandwidthMbps", network.bandwidthMbps())
          .put("proxy", network.proxySupport())
          .put("captchaSolving", network.captchaSolving());
    }
    var virtualization = machine.virtualization();
    if (virtualization != null) {
      root.putObject("virtualization")
          .put("platform", virtualization.platform())
          .put("concurrentVms", virtualization.concurrentVms())
          .put("bootNanos", virtualization.bootTime().toNanos())
          .put("snapshots", virtualization.snapshotSupport());
    }
  }

  private static void sandboxing(ObjectNode root, Sandboxing sandboxing) {
    ObjectNode node =
        root.putObject("sandbox")
            .put("level", sandboxing.level().name())
            .put("limitsScope", sandboxing.limitsScope().text())
            .put("networkOpen", sandboxing.networkOpen());
    var isolation = sandboxing.isolation();
    if (isolation != null) {
      node.putObject("isolation")
          .put("network", isolation.network())
          .put("filesystem", isolation.filesystem());
    }
    var limits = sandboxing.taskLimits();
    if (limits != null) {
      node.putObject("taskLimits")
          .put("maxMemoryBytes", limits.maxMemoryBytes())
          .put("maxCpuMilli", limits.maxCpuMilli())
          .put("maxDiskBytes", limits.maxDiskBytes());
    }
  }

  private static void texts(ArrayNode array, List<String> values) {
    values.forEach(array::add);
  }

  private static <T> void each(
      ObjectNode root, String field, List<T> values, BiConsumer<ObjectNode, T> writing) {
    ArrayNode array = root.putArray(field);
    values.forEach(value -> writing.accept(array.addObject(), value));
  }
}
