package dev.weft.gateway;

import dev.weft.gateway.domain.SecretHash;
import dev.weft.gateway.store.Bootstrap;
import dev.weft.gateway.store.Bootstrap.First;
import dev.weft.gateway.store.Bootstrap.Seed;
import dev.weft.platform.id.IdGenerator;
import dev.weft.platform.security.JoinToken;
import dev.weft.platform.security.PrivateFiles;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Lets in the tenant and the tokens that the configuration names. */
@Singleton
class FirstTenant {

  private static final long PATIENCE_SECONDS = 30;

  private final GatewayConfig.Bootstrap config;
  private final Bootstrap bootstrap;
  private final IdGenerator ids;

  FirstTenant(GatewayConfig config, Bootstrap bootstrap, IdGenerator ids) {
    this.config = config.bootstrap();
    this.bootstrap = bootstrap;
    this.ids = ids;
  }

  void letIn() {
    if (config.tenant().isEmpty()) {
      return;
    }
    First first =
        new First(
            config.tenant().get(),
            config.tokenFile().map(file -> seed(bearer(file))),
            config.joinTokenFile().map(file -> seed(join(file))));
    try {
      bootstrap.apply(first).toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the first tenant could not be written", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the first tenant was written", e);
    }
  }

  private Seed seed(SecretHash secret) {
    return new Seed(ids.next(), secret);
  }

  private static SecretHash bearer(Path file) {
    String text = PrivateFiles.readText(file).strip();
    if (text.length() < 32) {
      throw new IllegalStateException(
          "token file " + file + ": " + text.length() + " characters (expected: a token, wft_…)");
    }
    return SecretHash.of(text);
  }

  private static SecretHash join(Path file) {
    return SecretHash.of(JoinToken.parse(PrivateFiles.readText(file)).secret().reveal());
  }
}
