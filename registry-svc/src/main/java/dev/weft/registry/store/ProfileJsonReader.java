package dev.weft.registry.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.registry.domain.profile.BrowserAutomation;
import dev.weft.registry.domain.profile.Capability;
import dev.weft.registry.domain.profile.CodeAnalysis;
import dev.weft.registry.domain.profile.Gpu;
import dev.weft.registry.domain.profile.Hardware;
import dev.weft.registry.domain.profile.Identity;
import dev.weft.registry.domain.profile.Isolation;
import dev.weft.registry.domain.profile.LimitsScope;
import dev.weft.registry.domain.profile.LlmModel;
import dev.weft.registry.domain.profile.Location;
import dev.weft.registry.domain.profile.Machine;
import dev.weft.registry.domain.profile.NetworkCapability;
import dev.weft.registry.domain.profile.Price;
import dev.weft.registry.domain.profile.SandboxLevel;
import dev.weft.registry.domain.profile.Sandboxing;
import dev.weft.registry.domain.profile.Skills;
import dev.weft.registry.domain.profile.TaskLimits;
import dev.weft.registry.domain.profile.Virtualization;
import dev.weft.registry.domain.profile.VisionModel;
import dev.weft.registry.domain.profile.WorkerProfile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The reading half of {@link ProfileJson}. */
final class ProfileJsonReader {

  private ProfileJsonReader() {}

  static WorkerProfile read(JsonNode root) {
    return new WorkerProfile(
        identity(root),
        skills(root),
        new Machine(
            hardware(root.path("hardware")),
            optional(root, "network", ProfileJsonReader::network),
            optional(root, "virtualization", ProfileJsonReader::virtualization)),
        sandboxing(root.path("sandbox")),
        location(root.path("location")),
        price(root.path("price")));
  }

  private static Identity identity(JsonNode root) {
    Map<String, String> labels = new HashMap<>();
    root.path("labels")
        .properties()
        .forEach(entry -> labels.put(entry.getKey(), entry.getValue().asText()));
    return new Identity(text(root, "name"), text(root, "kind"), text(root, "version"), labels);
  }

  private static Skills skills(JsonNode root) {
    return new Skills(
        each(
            root,
            "capabilities",
            n -> new Capability(text(n, "name"), n.path("proficiency").asDouble())),
        texts(root, "executors"),
        texts(root, "queues"),
        each(
            root,
            "llmModels",
            n ->
                new LlmModel(
                    text(n, "model"),
                    number(n, "maxContext"),
                    n.path("tokensPerSecond").asDouble(),
                    number(n, "concurrentRequests"))),
        each(
            root,
            "visionModels",
            n -> new VisionModel(text(n, "model"), flag(n, "ocr"), flag(n, "imageGeneration"))),
        each(root, "codeAnalysis", n -> new CodeAnalysis(text(n, "tool"), texts(n, "languages"))),
        optional(root, "browserAutomation", ProfileJsonReader::browsers));
  }

  private static BrowserAutomation browsers(JsonNode n) {
    return new BrowserAutomation(
        text(n, "tool"),
        flag(n, "headless"),
        number(n, "vncPort"),
        flag(n, "recording"),
        number(n, "concurrentSessions"));
  }

  private static Hardware hardware(JsonNode n) {
    return new Hardware(
        number(n, "cpuMilli"),
        number(n, "memoryBytes"),
        number(n, "diskBytes"),
        each(n, "gpus", gpu -> new Gpu(text(gpu, "model"), number(gpu, "memoryBytes"))));
  }

  private static NetworkCapability network(JsonNode n) {
    return new NetworkCapability(
        number(n, "bandwidthMbps"), flag(n, "proxy"), flag(n, "captchaSolving"));
  }

  private static Virtualization virtualization(JsonNode n) {
    return new Virtualization(
        text(n, "platform"),
        number(n, "concurrentVms"),
        nanos(n, "bootNanos"),
        flag(n, "snapshots"));
  }

  private static Sandboxing sandboxing(JsonNode n) {
    return new Sandboxing(
        SandboxLevel.valueOf(text(n, "level")),
        LimitsScope.of(text(n, "limitsScope")),
        flag(n, "networkOpen"),
        optional(n, "isolation", i -> new Isolation(flag(i, "network"), flag(i, "filesystem"))),
        optional(
            n,
            "taskLimits",
            l ->
                new TaskLimits(
                    number(l, "maxMemoryBytes"),
                    number(l, "maxCpuMilli"),
                    number(l, "maxDiskBytes"))));
  }

  private static Location location(JsonNode n) {
    return new Location(text(n, "region"), text(n, "site"), nanos(n, "latencyNanos"));
  }

  private static Price price(JsonNode n) {
    return new Price(number(n, "microsPerHour"), text(n, "currency"));
  }

  private static String text(JsonNode n, String field) {
    return n.path(field).asText();
  }

  private static long number(JsonNode n, String field) {
    return n.path(field).asLong();
  }

  private static boolean flag(JsonNode n, String field) {
    return n.path(field).asBoolean();
  }

  private static Duration nanos(JsonNode n, String field) {
    return Duration.ofNanos(number(n, field));
  }

  private static List<String> texts(JsonNode n, String field) {
    List<String> values = new ArrayList<>();
    n.path(field).forEach(value -> values.add(value.asText()));
    return values;
  }

  private static <T> List<T> each(JsonNode n, String field, Function<JsonNode, T> reading) {
    List<T> values = new ArrayList<>();
    n.path(field).forEach(value -> values.add(reading.apply(value)));
    return values;
  }

  private static <T> @Nullable T optional(JsonNode n, String field, Function<JsonNode, T> reading) {
    return n.has(field) ? reading.apply(n.path(field)) : null;
  }
}
