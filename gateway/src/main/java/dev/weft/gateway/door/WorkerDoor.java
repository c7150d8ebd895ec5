package dev.weft.gateway.door;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Relays TCP connections of workers to the first address of their way that takes them. mTLS goes
 * end to end, so nothing is read here and nobody gets further than the TLS handshake of the other
 * side. Neither side is read faster than the other takes it.
 */
public final class WorkerDoor {

  private static final Logger LOG = Logger.getLogger(WorkerDoor.class);
  private static final int CONNECT_MILLIS = 2000;

  private final Setting setting;
  private final NetServer server;
  private final NetClient client;
  private final AtomicInteger connections = new AtomicInteger();
  private final Set<NetSocket> open = ConcurrentHashMap.newKeySet();

  /**
   * One door.
   *
   * @param role whose port it stands for, for the log
   * @param guide knows where connections go
   * @param mostConnections further ones are closed at once
   * @param idle a connection on which nothing moves for so long is closed
   */
  public record Setting(String role, Guide guide, int mostConnections, Duration idle) {}

  public WorkerDoor(Vertx vertx, Setting setting) {
    this.setting = setting;
    int idle = (int) setting.idle().toSeconds();
    server =
        vertx.createNetServer(
            new NetServerOptions()
                .setTcpNoDelay(true)
                .setIdleTimeout(idle)
                .setIdleTimeoutUnit(TimeUnit.SECONDS));
    client =
        vertx.createNetClient(
            new NetClientOptions().setTcpNoDelay(true).setConnectTimeout(CONNECT_MILLIS));
  }

  /** Opens the door; answers with the port, which is another one only if 0 was asked for. */
  public Future<Integer> open(String host, int port) {
    return server.connectHandler(this::take).listen(port, host).map(NetServer::actualPort);
  }

  /** Connections that are relayed now. */
  public int connections() {
    return connections.get();
  }

  /** Closes the door and what is relayed. */
  public Future<Void> close() {
    return server
        .close()
        .eventually(
            () -> {
              open.forEach(NetSocket::close);
              return client.close();
            });
  }

  private void take(NetSocket worker) {
    worker.pause();
    if (connections.incrementAndGet() > setting.mostConnections()) {
      connections.decrementAndGet();
      LOG.warnf("worker door is full: role=%s count=%d", setting.role(), setting.mostConnections());
      worker.close();
      return;
    }
    open.add(worker);
    worker.closeHandler(_ -> left(worker));
    worker.exceptionHandler(_ -> worker.close());
    setting
        .guide()
        .ask(worker)
        .compose(targets -> connect(targets, 0))
        .onSuccess(service -> relay(worker, service))
        .onFailure(
            failure -> {
              LOG.infof(
                  "worker door found nobody: role=%s error=%s",
                  setting.role(), failure.getMessage());
              worker.end(setting.guide().refusal(failure));
            });
  }

  private void left(NetSocket worker) {
    if (open.remove(worker)) {
      connections.decrementAndGet();
    }
  }

  private Future<NetSocket> connect(List<String> targets, int index) {
    if (index >= targets.size()) {
      return Future.failedFuture("no address answered of " + targets);
    }
    String target = targets.get(index);
    int colon = target.lastIndexOf(':');
    return client
        .connect(Integer.parseInt(target.substring(colon + 1)), target.substring(0, colon))
        .recover(_ -> connect(targets, index + 1));
  }

  private void relay(NetSocket worker, NetSocket service) {
    if (!open.contains(worker)) {
      service.close();
      return;
    }
    service.exceptionHandler(_ -> service.close());
    // A pipe pauses its source while the sink is full, and closes the sink when the source ends.
    worker.closeHandler(
        _ -> {
          left(worker);
          service.close();
        });
    service.closeHandler(_ -> worker.close());
    worker.write(setting.guide().welcome());
    service.pipeTo(worker);
    worker.pipeTo(service);
  }
}
