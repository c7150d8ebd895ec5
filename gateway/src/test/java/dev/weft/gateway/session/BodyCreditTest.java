package dev.weft.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.weft.proto.internal.session.v1.BodyHello;
import dev.weft.proto.internal.session.v1.BodyResponse;
import org.junit.jupiter.api.Test;

/** How much a body may send before its home has taken it. */
class BodyCreditTest {

  private final Heard<BodyResponse> told = new Heard<>();
  private long window = 1_000;
  private final BodyLink link = new BodyLink(told, BodyHello.getDefaultInstance(), 0, () -> window);

  private long credit() {
    BodyResponse last = told.all.getLast();
    return last.hasWelcome()
        ? last.getWelcome().getCreditBytes()
        : last.getFrame().getCreditBytes();
  }

  private void took(long bytes, boolean asksForMore) {
    link.took(bytes);
    link.requestNext(asksForMore);
    link.flush(ByteString.EMPTY, 0);
  }

  @Test
  void theWelcomeSaysHowMuchMayCome() {
    link.welcome(0);

    assertThat(credit()).isEqualTo(1_000);
  }

  @Test
  void whatWasTakenMayComeAgainToldWhenItIsHalfOfTheRoom() {
    link.welcome(0);
    took(499, true);
    assertThat(told.all).hasSize(1);

    took(1, true);

    assertThat(told.all).hasSize(2);
    assertThat(credit()).isEqualTo(1_500);
  }

  @Test
  void aHomeThatTakesNoMoreGivesNoCreditUntilItDoes() {
    link.welcome(0);
    took(800, false);
    assertThat(told.all).hasSize(1);

    link.requestOwed(0);
    link.flush(ByteString.EMPTY, 0);

    assertThat(credit()).isEqualTo(1_800);
  }

  @Test
  void whatWasPromisedIsNotTakenBackWhenThereIsLessRoom() {
    link.welcome(0);
    window = 100;
    took(200, true);
    assertThat(told.all).hasSize(1);

    took(800, true);

    assertThat(credit()).isEqualTo(1_100);
  }

  @Test
  void whoHasJustComeMaySendLittleUntilSomethingOfItWasTaken() {
    window = 1 << 20;
    link.welcome(0);
    link.requestNext(true);
    link.flush(ByteString.EMPTY, 0);
    assertThat(told.all).hasSize(1);
    assertThat(credit()).isEqualTo(16 << 10);

    took(100, true);

    assertThat(credit()).isEqualTo((1 << 20) + 100);
  }
}
