package dev.weft.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.testing.StoredContent;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DigestHeaderTest {

  private static final ByteString DIGEST =
      StoredContent.digestOf(ByteString.copyFromUtf8("{\"hello\": \"world\"}"));

  /** The example of RFC 9530, appendix A. */
  private static final String EXAMPLE = "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:";

  @Test
  void theExampleOfTheStandard() {
    assertThat(DigestHeader.of(DIGEST)).isEqualTo(EXAMPLE);
    assertThat(DigestHeader.parse(List.of(EXAMPLE))).contains(DIGEST);
  }

  @Test
  void othersArePassedOver() {
    assertThat(DigestHeader.parse(List.of("sha-512=:AAAA:, " + EXAMPLE))).contains(DIGEST);
    assertThat(DigestHeader.parse(List.of("sha-512=:AAAA:"))).isEmpty();
    assertThat(DigestHeader.parse(List.of())).isEmpty();
    assertThat(DigestHeader.parse(List.of(EXAMPLE, EXAMPLE))).contains(DIGEST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sha-256",
        "sha-256=",
        "sha-256=::",
        "sha-256=:AAAA:",
        "sha-256=:!!!!:",
        "sha-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=",
        "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:,",
        "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:,"
            + "sha-256=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:"
      })
  void whatIsNoDigestIsRefused(String header) {
    assertThatThrownBy(() -> DigestHeader.parse(List.of(header)))
        .isInstanceOf(InvalidRequest.class);
  }
}
