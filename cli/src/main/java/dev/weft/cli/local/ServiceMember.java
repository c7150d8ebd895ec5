package dev.weft.cli.local;

import dev.weft.parts.ChildProcess;
import dev.weft.parts.Launch;
import dev.weft.parts.ProcessStamp;
import dev.weft.parts.RunFile;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A service or worker as a member of the mesh; ready when its health page says so. */
final class ServiceMember implements Member {
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration ASK_LIMIT = Duration.ofSeconds(3);

  private final ServicePlan plan;
  private final Launch launch;
  private final HttpClient client;
  private @Nullable ChildProcess child;

  ServiceMember(ServicePlan plan, Launch launch, HttpClient client) {
    this.plan = plan;
    this.launch = launch;
    this.client = client;
  }

  @Override
  public String name() {
    return plan.name();
  }

  @Override
  public Map<String, Integer> ports() {
    return plan.ports();
  }

  @Override
  public RunFile spawn() {
    ChildProcess started = ChildProcess.start(launch);
    child = started;
    return new RunFile(plan.name(), plan.role(), started.stamp(), launch, plan.ports(), "TERM");
  }

  @Override
  public void attach(ProcessStamp stamp) {
    child = ChildProcess.attach(stamp, launch.log());
  }

  @Override
  public void awaitReady() {
    ChildProcess process = child;
    if (process == null) {
      throw new MeshFailure(name() + " was not started");
    }
    long end = System.nanoTime() + START_LIMIT.toNanos();
    while (!answersReady()) {
      if (!process.isRunning()) {
        throw new MeshFailure(name() + " ended while starting: " + process.logTail());
      }
      if (System.nanoTime() - end >= 0) {
        throw new MeshFailure(
            name() + " is not ready after " + START_LIMIT.toSeconds() + " s: " + process.logTail());
      }
      Pauses.pause(POLL);
    }
  }

  private boolean answersReady() {
    HttpRequest request = HttpRequest.newBuilder(plan.ready()).timeout(ASK_LIMIT).build();
    try {
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MeshFailure("interrupted while waiting for " + name());
    }
  }
}
