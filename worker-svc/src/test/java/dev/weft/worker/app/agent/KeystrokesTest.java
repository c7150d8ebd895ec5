package dev.weft.worker.app.agent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KeystrokesTest {

  private final Keystrokes keystrokes = new Keystrokes();

  @Test
  void theyComeInTheirOrder() throws Exception {
    keystrokes.add(new byte[] {1});
    keystrokes.add(new byte[0]);
    keystrokes.add(new byte[] {2, 3});

    assertThat(keystrokes.next()).containsExactly(1);
    assertThat(keystrokes.next()).containsExactly(2, 3);
  }

  @Test
  void whatWaitsIsBounded() throws Exception {
    assertThat(keystrokes.add(new byte[Keystrokes.MOST_BYTES])).isTrue();
    assertThat(keystrokes.add(new byte[1])).isFalse();
    keystrokes.next();
    assertThat(keystrokes.add(new byte[1])).isTrue();
  }

  @Test
  void thatSomeAreLostIsNewsOnceUntilAllWereTaken() throws Exception {
    keystrokes.add(new byte[10]);
    keystrokes.add(new byte[20]);
    assertThat(keystrokes.lose()).isTrue();
    assertThat(keystrokes.lose()).isFalse();
    keystrokes.next();
    keystrokes.add(new byte[1]);
    assertThat(keystrokes.lose()).isFalse();

    keystrokes.next();
    keystrokes.next();
    keystrokes.add(new byte[1]);
    assertThat(keystrokes.lose()).isTrue();
  }

  @Test
  void whatWasTypedForOneShellIsNotForTheNext() throws Exception {
    keystrokes.add(new byte[] {1});
    keystrokes.shut();
    assertThat(keystrokes.next()).isNull();
    keystrokes.add(new byte[] {2});
    keystrokes.open();

    assertThat(keystrokes.next()).containsExactly(2);
  }
}
