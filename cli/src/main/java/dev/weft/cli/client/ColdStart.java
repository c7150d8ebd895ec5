package dev.weft.cli.client;

import dev.weft.proto.artifacts.v1.ArtifactServiceGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;

/**
 * Has the classes of both doors read by threads of their own: what a short command does before it
 * knows whom to ask takes as long as that.
 */
public final class ColdStart {

  private static final int NO_PORT = 9;

  private ColdStart() {}

  public static void begin() {
    Thread.ofPlatform().daemon().name("weft-rest-classes").start(ColdStart::rest);
    Thread.ofPlatform().daemon().name("weft-rpc-classes").start(ColdStart::rpc);
  }

  private static void rest() {
    MeshApi.JSON.createObjectNode();
    MeshApi.client(false).close();
  }

  private static void rpc() {
    ArtifactServiceGrpc.getServiceDescriptor();
    Digests.sha256();
    // First of all it tells Netty where to log.
    NettyChannelBuilder door = RpcDoor.builder(new InetSocketAddress(NO_PORT));
    EventLoopGroup loop = new NioEventLoopGroup(1, new DefaultThreadFactory("weft-cold", true));
    // Connects at its first call, and there is none.
    door.eventLoopGroup(loop).usePlaintext().build().shutdownNow();
  }
}
