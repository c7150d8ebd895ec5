package dev.weft.parts;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real Consul server on loopback that denies everything to those without a token. */
public final class ConsulProcess extends PartProcess {
  private static final Duration TIMEOUT = Duration.ofSeconds(3);
  private static final Pattern VERSION = Pattern.compile("v(\\d+)\\.(\\d+)\\.");
  private static final int FIRST_MINOR_WITH_INITIAL_MANAGEMENT = 11;

  private final ConsulSettings settings;
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

  private ConsulProcess(ConsulSettings settings, Launch launch) {
    super(Tool.CONSUL, launch, "TERM");
    this.settings = settings;
  }

  /** Writes its configuration; the server isn't started. */
  public static ConsulProcess prepare(ConsulSettings settings, BinaryFinder finder) {
    Binary consul = finder.require(Tool.CONSUL);
    Path file =
        PrivateFile.write(
            settings.directory().resolve("consul.json"),
            configuration(settings, managementKey(consul.version())));
    return new ConsulProcess(
        settings,
        new Launch(
            List.of(consul.executable().toString(), "agent", "-config-file=" + file),
            consul.environment(),
            settings.directory(),
            settings.directory().resolve("consul.log"),
            settings.lifetime(),
            Optional.empty()));
  }

  /** Starts it and returns once it has a leader and the services' token is valid. */
  public static ConsulProcess start(ConsulSettings settings, BinaryFinder finder) {
    ConsulProcess process = prepare(settings, finder);
    process.start();
    return process;
  }

  public String url() {
    return "http://127.0.0.1:" + settings.ports().http();
  }

  /** For the services. */
  public String serviceToken() {
    return settings.serviceToken();
  }

  @Override
  void probe() throws NotReadyException {
    String leader = send("GET", "/v1/status/leader", "", settings.managementToken());
    if (leader.length() <= 2) {
      throw new NotReadyException("no leader yet", false);
    }
    if (!serviceTokenWorks()) {
      createServiceToken();
    }
  }

  private boolean serviceTokenWorks() {
    try {
      send("GET", "/v1/acl/token/self", "", settings.serviceToken());
      return true;
    } catch (NotReadyException e) {
      return false;
    }
  }

  private void createServiceToken() throws NotReadyException {
    if (!send("GET", "/v1/acl/policies", "", settings.managementToken())
        .contains("weft-services")) {
      send(
          "PUT",
          "/v1/acl/policy",
          """
          {"Name": "weft-services", "Rules": "service_prefix \\"weft-\\" { policy = \\"write\\" }
          node_prefix \\"\\" { policy = \\"read\\" } agent_prefix \\"\\" { policy = \\"read\\" }"}"""
              .replace("\n", " "),
          settings.managementToken());
    }
    send(
        "PUT",
        "/v1/acl/token",
        """
        {"SecretID": "%s", "Description": "Weft services", "Policies": [{"Name": "weft-services"}]}"""
            .formatted(settings.serviceToken()),
        settings.managementToken());
  }

  private String send(String method, String path, String body, String token)
      throws NotReadyException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url() + path))
            .timeout(TIMEOUT)
            .header("X-Consul-Token", token)
            .method(method, BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new NotReadyException(
            method + " " + path + ": " + response.statusCode() + " " + response.body(), false);
      }
      return response.body().strip();
    } catch (IOException e) {
      throw new NotReadyException(method + " " + path + ": " + e.getMessage(), false);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PartsException("interrupted while waiting for Consul", e);
    }
  }

  /** The configuration key was renamed in 1.11. */
  private static String managementKey(String version) {
    Matcher matcher = VERSION.matcher(version);
    boolean renamed =
        matcher.find()
            && (Integer.parseInt(matcher.group(1)) > 1
                || Integer.parseInt(matcher.group(2)) >= FIRST_MINOR_WITH_INITIAL_MANAGEMENT);
    return renamed ? "initial_management" : "master";
  }

  private static String configuration(ConsulSettings settings, String managementKey) {
    return """
        {
          "datacenter": "local",
          "node_name": "weft-local",
          "data_dir": "%s",
          "server": true,
          "bootstrap_expect": 1,
          "bind_addr": "127.0.0.1",
          "client_addr": "127.0.0.1",
          "ports": {"http": %d, "https": -1, "dns": -1, "grpc": -1, "server": %d, "serf_lan": %d, "serf_wan": -1},
          "acl": {
            "enabled": true,
            "default_policy": "deny",
            "tokens": {"%s": "%s", "agent": "%s"}
          },
          "performance": {"raft_multiplier": 1},
          "disable_update_check": true,
          "disable_remote_exec": true,
          "enable_script_checks": false,
          "log_level": "WARN"
        }
        """
        .formatted(
            settings
                .directory()
                .resolve("data")
                .toString()
                .replace("\\", "\\\\")
                .replace("\"", "\\\""),
            settings.ports().http(),
            settings.ports().server(),
            settings.ports().serf(),
            managementKey,
            settings.managementToken(),
            settings.managementToken());
  }
}
