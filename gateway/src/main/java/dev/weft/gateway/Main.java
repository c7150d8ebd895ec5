package dev.weft.gateway;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Starts the gateway. */
@QuarkusMain
public final class Main {

  public static void main(String... arguments) {
    // Netty reads it once, before the first port is opened: it lets rest.FirstRequest in.
    System.setProperty(ChannelInitializerExtension.EXTENSIONS_SYSTEM_PROPERTY, "serviceload");
    Quarkus.run(arguments);
  }
}
