package dev.weft.gateway.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** For tests inside the gateway's own JVM. */
public final class InProcessGateway implements QuarkusTestResourceLifecycleManager {

  private static final Pattern EXPRESSIONS =
      Pattern.compile("WEFT_DB_|WEFT_REDIS_|WEFT_PUBLIC_GRPC_PORT");

  private Neighbourhood neighbourhood;

  @Override
  public Map<String, String> start() {
    neighbourhood = new Neighbourhood();
    Map<String, String> properties = new HashMap<>();
    neighbourhood
        .environment()
        .forEach(
            (name, value) -> {
              // Both as expressions name it and as the mapping does, if it has it.
              properties.put(name, value);
              if (!EXPRESSIONS.matcher(name).lookingAt()) {
                properties.put(dotted(name), value);
              }
            });
    properties.put("quarkus.http.test-port", "0");
    properties.put("quarkus.grpc.server.test-port", "0");
    return properties;
  }

  private static String dotted(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    for (String group :
        new String[] {
          "mesh", "ca", "bootstrap", "public", "static", "artifacts", "auth", "session"
        }) {
      String prefix = "weft_" + group + "_";
      if (lower.startsWith(prefix)) {
        return "weft." + group + "." + lower.substring(prefix.length()).replace('_', '-');
      }
    }
    return lower.startsWith("weft_")
        ? "weft." + lower.substring("weft_".length()).replace('_', '-')
        : lower.replace('_', '.');
  }

  @Override
  public void stop() {
    if (neighbourhood != null) {
      neighbourhood.close();
    }
  }
}
