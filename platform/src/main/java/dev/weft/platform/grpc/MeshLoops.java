package dev.weft.platform.grpc;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The few I/O threads that a process's mesh server and channels share. */
public final class MeshLoops implements AutoCloseable {

  private static final int MOST_THREADS = 4;

  private final EventLoopGroup group;

  public MeshLoops() {
    int threads = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MOST_THREADS);
    group = new NioEventLoopGroup(threads, new DefaultThreadFactory("mesh-io", true));
  }

  EventLoopGroup group() {
    return group;
  }

  /**
   * Runs a short action later on an I/O thread; throws RejectedExecutionException after the close.
   */
  void schedule(Runnable action, Duration delay) {
    group.schedule(action, delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
