package dev.weft.platform.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TokensTest {

  @Test
  void secretMatchesItsHashAndNoOther() {
    BearerSecret secret = BearerSecret.create("weft");

    assertThat(secret.reveal()).matches("weft_[0-9a-hjkmnp-tv-z]{52}");
    assertThat(BearerSecret.parse("weft", secret.reveal()).matches(secret.hash())).isTrue();
    assertThat(BearerSecret.create("weft").matches(secret.hash())).isFalse();
  }

  @Test
  void everyChangedCharacterIsAnotherSecret() {
    BearerSecret secret = BearerSecret.create("weft");

    for (int i = 5; i < secret.reveal().length(); i++) {
      char other = secret.reveal().charAt(i) == '0' ? '1' : '0';
      String changed = secret.reveal().substring(0, i) + other + secret.reveal().substring(i + 1);
      assertThat(BearerSecret.parse("weft", changed).matches(secret.hash())).isFalse();
    }
  }

  @Test
  void secretsDoNotRepeat() {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      assertThat(seen.add(BearerSecret.create("t").reveal())).isTrue();
    }
  }

  @Test
  void malformedTextsAreRefusedWithoutBeingQuoted() {
    String good = BearerSecret.create("weft").reveal();
    List<String> malformed =
        List.of(
            "",
            "weft_",
            good + "0",
            good.substring(1),
            good.replace("weft_", "wfj_"),
            good.toUpperCase(Locale.ROOT),
            " " + good.substring(1),
            good.substring(0, good.length() - 1) + "'");

    for (String text : malformed) {
      assertThatThrownBy(() -> BearerSecret.parse("weft", text))
          .isInstanceOf(SecurityFailure.class)
          .hasMessageNotContaining(good.substring(10, 30));
    }
  }

  @Test
  void joinTokenCarriesTheCasHash() {
    CertificateAuthority ca = new TestCa().authority();

    JoinToken token = JoinToken.create(ca);

    assertThat(token.reveal()).startsWith("wfj_").endsWith("." + ca.caHash());
    JoinToken read = JoinToken.parse(" " + token.reveal() + "\n");
    assertThat(read).isEqualTo(token);
    assertThat(Fingerprints.same(read.caHash(), Fingerprints.of(ca.certificate()))).isTrue();
  }

  @Test
  void malformedJoinTokensAreRefused() {
    String secret = BearerSecret.create(JoinToken.PREFIX).reveal();

    for (String text : List.of("", secret, secret + ".", secret + ".xyz", "." + "0".repeat(64))) {
      assertThatThrownBy(() -> JoinToken.parse(text)).isInstanceOf(SecurityFailure.class);
    }
  }

  @Test
  void secretsDoNotShowThemselves() {
    BearerSecret secret = BearerSecret.create("weft");
    JoinToken token = JoinToken.create(new TestCa().authority());

    assertThat(secret.toString()).isEqualTo("weft_…");
    assertThat(token.toString()).doesNotContain(token.secret().reveal());
  }
}
