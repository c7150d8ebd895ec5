package dev.weft.parts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FreePortTest {

  @Test
  void nobodyIsGivenThePortOfAnotherOrOneThatAConnectionMayTake() {
    Set<Integer> given = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      int port = FreePort.find();
      assertThat(given.add(port)).isTrue();
      assertThat(port).isLessThan(32_768);
    }
  }

  @Test
  void whatIsListenedOnIsNotFree() throws IOException {
    int port = FreePort.find();
    try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(FreePort.isFree(port)).isFalse();
    }
    assertThat(FreePort.isFree(port)).isTrue();
  }
}
