package dev.weft.platform.discovery;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.consul.CheckOptions;
import io.vertx.ext.consul.CheckStatus;
import io.vertx.ext.consul.ConsulClient;
import io.vertx.ext.consul.ServiceOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;

/**
 * Keeps this process registered in Consul: a check that passes only while it is refreshed, so that
 * a killed process drops out by itself within 5 s. When Consul has forgotten it (restarted empty),
 * it registers again. Consul's absence changes nothing for this process.
 */
public final class ServiceRegistration {

  private static final Logger LOG = Logger.getLogger(ServiceRegistration.class);
  private static final Duration TTL = Duration.ofSeconds(5);
  private static final Duration BEAT = Duration.ofSeconds(2);

  /** Consul's own least value; only tidies up what has long been critical. */
  private static final String FORGET_AFTER = "1m";

  private final Vertx vertx;
  private final ConsulAccess access;
  private final ConsulClient client;
  private final RegisteredService service;
  private final Object lock = new Object();
  private Future<?> underWay = Future.succeededFuture();
  private long timer = -1;
  private boolean stopped;
  private volatile boolean registered;

  /** Said once, not at every beat. */
  private volatile String lastProblem = "";

  public ServiceRegistration(Vertx vertx, ConsulAccess access, RegisteredService service) {
    this.vertx = vertx;
    this.access = access;
    this.client = access.client(vertx);
    this.service = service;
  }

  /**
   * Registers and goes on until {@link #stop}.
   *
   * @return ends after the first try; well also if Consul is away, which is tried again; fails with
   *     {@link ConsulRefused} if the token is refused
   */
  public CompletionStage<Void> start() {
    return beat()
        .recover(
            failure ->
                failure instanceof ConsulRefused
                    ? Future.failedFuture(failure)
                    : Future.succeededFuture())
        .toCompletionStage();
  }

  /** Whether Consul confirmed the last beat. */
  public boolean isRegistered() {
    return registered;
  }

  /** Deregisters; ends well also if Consul is away, since the check then runs out by itself. */
  public CompletionStage<Void> stop() {
    Future<?> last;
    synchronized (lock) {
      stopped = true;
      vertx.cancelTimer(timer);
      last = underWay;
    }
    return last.otherwiseEmpty()
        .compose(done -> client.deregisterService(service.id()))
        .onFailure(
            failure ->
                LOG.infof("not deregistered: consul=%s error=%s", access, failure.getMessage()))
        .otherwiseEmpty()
        .onComplete(
            done -> {
              registered = false;
              client.close();
            })
        .toCompletionStage();
  }

  private Future<Void> beat() {
    synchronized (lock) {
      if (stopped) {
        return Future.succeededFuture();
      }
      Future<Void> result = (registered ? refresh() : register()).onComplete(done -> next());
      underWay = result;
      return result;
    }
  }

  private void next() {
    synchronized (lock) {
      if (!stopped) {
        timer = vertx.setTimer(BEAT.toMillis(), ignored -> beat());
      }
    }
  }

  private Future<Void> refresh() {
    return client
        .passCheck(service.checkId())
        .recover(
            failure -> {
              // Consul does not know the check any more, or is away: both end in a new
              // registration.
              registered = false;
              return register();
            });
  }

  private Future<Void> register() {
    return client
        .registerService(options())
        .recover(
            failure ->
                Future.failedFuture(
                    ConsulAccess.isRefusal(failure)
                        ? new ConsulRefused("registration of " + service.id(), access, failure)
                        : failure))
        .onSuccess(done -> confirmed())
        .onFailure(this::unconfirmed);
  }

  private void confirmed() {
    if (!registered) {
      LOG.infof("registered: id=%s address=%s consul=%s", service.id(), service.address(), access);
    }
    registered = true;
    lastProblem = "";
  }

  private void unconfirmed(Throwable failure) {
    String problem = String.valueOf(failure.getMessage());
    if (problem.equals(lastProblem)) {
      return;
    }
    lastProblem = problem;
    if (failure instanceof ConsulRefused) {
      LOG.error(problem);
    } else {
      LOG.warnf(
          "not registered, tries again: consul=%s interval=%s error=%s", access, BEAT, problem);
    }
  }

  private ServiceOptions options() {
    return new ServiceOptions()
        .setId(service.id())
        .setName(service.name())
        .setTags(List.of(service.role()))
        .setAddress(service.address().host())
        .setPort(service.address().port())
        .setMeta(
            Map.of(
                "role", service.role(),
                "node", service.nodeId(),
                "mesh", service.address().toString()))
        .setCheckOptions(
            new CheckOptions()
                .setTtl(TTL.toSeconds() + "s")
                .setStatus(CheckStatus.PASSING)
                .setDeregisterAfter(FORGET_AFTER));
  }
}
