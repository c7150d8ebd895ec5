package dev.weft.gateway;

import dev.weft.gateway.domain.SecretHash;
import dev.weft.gateway.store.Bootstrap;
import dev.weft.gateway.store.Bootstrap.First;
import dev.weft.gateway.store.Bootstrap.Seed;
import dev.weft.platform.id.IdGenerator;
import dev.weft.platform.security.JoinToken;
import dev.weft.platform.security.PrivateFiles;
import dev.weft.platform.time.Ticker;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/** Lets in the tenant and the tokens that the configuration names. */
@Singleton
class FirstTenant {

  private static final Logger LOG = Logger.getLogger(FirstTenant.class);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final GatewayConfig.Bootstrap config;
  private final Bootstrap bootstrap;
  private final IdGenerator ids;
  private final Ticker ticker;

  FirstTenant(GatewayConfig config, Bootstrap bootstrap, IdGenerator ids, Ticker ticker) {
    this.config = config.bootstrap();
    this.bootstrap = bootstrap;
    this.ids = ids;
    this.ticker = ticker;
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
    long end = ticker.nanos() + PATIENCE.toNanos();
    while (!isWritten(first)) {
      if (ticker.nanos() - end >= 0) {
        throw new IllegalStateException(
            "the first tenant could not be written within " + PATIENCE.toSeconds() + " s");
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /** A database that starts on a busy machine too may answer late; to write it twice is no harm. */
  private boolean isWritten(First first) {
    try {
      bootstrap.apply(first).toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      return true;
    } catch (ExecutionException | TimeoutException e) {
      LOG.warnf("the first tenant is not written yet: error=%s", e.toString());
      return false;
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
