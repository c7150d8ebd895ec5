package dev.weft.registry.testing;

import dev.weft.parts.DatabaseAccess;
import dev.weft.parts.junit.ScratchDatabase;
import dev.weft.parts.junit.ThrowAwayPostgres;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A database and a certificate for the registry inside a test's JVM. */
public final class RegistryResource implements QuarkusTestResourceLifecycleManager {

  private @Nullable ScratchDatabase scratch;

  @Override
  public Map<String, String> start() {
    scratch = ThrowAwayPostgres.shared().newDatabase();
    DatabaseAccess database = scratch.service("registry");
    Path home = certificates();
    Map<String, String> config = new HashMap<>();
    config.put("weft.node-id", "registry-test");
    config.put("weft.mesh.port", "0");
    config.put("weft.mesh.cert-file", home.resolve("cert.pem").toString());
    config.put("weft.mesh.key-file", home.resolve("key.pem").toString());
    config.put("weft.mesh.ca-file", home.resolve("ca.pem").toString());
    config.put("WEFT_DB_HOST", database.host());
    config.put("WEFT_DB_PORT", Integer.toString(database.port()));
    config.put("WEFT_DB_NAME", database.database());
    config.put("WEFT_DB_USER", database.user());
    config.put("WEFT_DB_PASSWORD", database.password());
    config.put("weft.db.host", database.host());
    config.put("weft.db.port", Integer.toString(database.port()));
    config.put("weft.db.name", database.database());
    config.put("weft.db.user", database.user());
    config.put("weft.db.password", database.password());
    config.put("quarkus.http.test-port", "0");
    return config;
  }

  @Override
  public void stop() {
    if (scratch != null) {
      scratch.close();
    }
  }

  private static Path certificates() {
    try (TestMesh mesh = new TestMesh()) {
      Path home = Files.createTempDirectory("weft-registry-");
      mesh.writeFiles(home, "registry", "registry-test");
      return home;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
