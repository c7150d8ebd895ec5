package dev.weft.worker.join;

import dev.weft.platform.discovery.HostPort;
import dev.weft.platform.security.JoinToken;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.function.Supplier;

/** The mesh's public port, as a machine that is not yet a member dials it. */
public record JoinDoor(HostPort address, boolean plaintext, JoinToken token)
    implements Supplier<ManagedChannel> {

  public JoinDoor {
    if (plaintext && !isLoopback(address.host())) {
      throw new IllegalArgumentException(
          "join address: " + address + " (expected: loopback, for a plaintext join)");
    }
  }

  @Override
  public ManagedChannel get() {
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(address.host(), address.port()).disableRetry();
    if (plaintext) {
      return builder.usePlaintext().build();
    }
    try {
      return builder
          .sslContext(
              GrpcSslContexts.forClient()
                  .protocols("TLSv1.3")
                  .trustManager(new PinnedTrust(token.caHash()))
                  .build())
          .build();
    } catch (IOException e) {
      throw new IllegalStateException("TLS for the join", e);
    }
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
