package dev.weft.gateway.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.gateway.domain.Sealed;
import dev.weft.gateway.domain.SealedSecret;
import dev.weft.platform.security.EnvelopeCipher;
import dev.weft.platform.security.MasterKey;
import dev.weft.platform.security.SecurityFailure;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnvelopeSealerTest {

  private final EnvelopeSealer sealer =
      new EnvelopeSealer(new EnvelopeCipher(MasterKey.generate()));

  @Test
  void aValueOpensForItsTenantNameAndVersionAlone() {
    String context = SealedSecret.context("acme", "db", 7);
    Sealed sealed = sealer.seal("hunter2".getBytes(UTF_8), context);

    assertThat(sealer.open(sealed, context)).isEqualTo("hunter2".getBytes(UTF_8));
    for (String other :
        List.of(
            SealedSecret.context("evil", "db", 7),
            SealedSecret.context("acme", "db2", 7),
            SealedSecret.context("acme", "db", 8))) {
      assertThatThrownBy(() -> sealer.open(sealed, other)).isInstanceOf(SecurityFailure.class);
    }
    assertThat(new String(sealed.bytes(), UTF_8)).doesNotContain("hunter2");
    assertThat(sealed.toString()).doesNotContain("hunter2");
  }
}
