package dev.weft.e2e.mesh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A worker that a test adds to a mesh, before it is started. */
public final class ExtraWorker {

  private static final int JOIN_PORT = 17_090;

  private final LocalMesh mesh;
  private final Path directory;
  private final String name;
  private final Map<String, String> environment = new HashMap<>();
  private List<String> before = List.of();
  private String capability;
  private int joinPort = JOIN_PORT;
  private String region = "nowhere-1";
  private String price = "price: {micros_per_hour: 1000, currency: USD}";

  public ExtraWorker(LocalMesh mesh, Path directory, String name) {
    this.mesh = mesh;
    this.directory = directory;
    this.name = name;
    this.capability = ExtraProcess.capability(name);
  }

  public ExtraWorker join(int port) {
    joinPort = port;
    return this;
  }

  /** Can do what only the worker of that name could. */
  public ExtraWorker like(String other) {
    capability = ExtraProcess.capability(other);
    return this;
  }

  public ExtraWorker price(long microsPerHour, String currency) {
    price = "price: {micros_per_hour: " + microsPerHour + ", currency: " + currency + "}";
    return this;
  }

  public ExtraWorker region(String name) {
    region = name;
    return this;
  }

  /** What it costs is not known. */
  public ExtraWorker withoutPrice() {
    price = "price: {}";
    return this;
  }

  public ExtraWorker with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** Started by that command, which runs another. */
  public ExtraWorker startedBy(List<String> command) {
    before = List.copyOf(command);
    return this;
  }

  public ExtraProcess start() {
    Path profile = directory.resolve(name + ".yaml");
    try {
      Files.write(
          profile,
          List.of(
              "name: " + name,
              "kind: sandbox",
              "capabilities: [{name: " + capability + ", proficiency: 0.9}]",
              "location: {region: " + region + ", site: Nowhere, latency_ms: 5}",
              price,
              "executors: {shell: 4}"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    environment.put("WEFT_JOIN_ADDRESS", "127.0.0.1:" + joinPort);
    environment.put("WEFT_JOIN_PLAINTEXT", "true");
    environment.put("WEFT_JOIN_TOKEN_FILE", mesh.data().resolve("join-token").toString());
    environment.put("WEFT_DATA_DIR", directory.resolve(name).toString());
    environment.put("WEFT_PROFILE_FILE", profile.toString());
    environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
    environment.put("QUARKUS_HTTP_PORT", "0");
    mesh.fetchedBubblewrap().ifPresent(one -> environment.putIfAbsent("WEFT_BWRAP", one));
    return ExtraProcess.start(mesh, before, "worker-svc", name, environment);
  }
}
