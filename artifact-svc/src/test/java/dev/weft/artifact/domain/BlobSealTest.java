package dev.weft.artifact.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.artifact.domain.BlobSeal.Sealed;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlobSealTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 262_143, 262_144, 262_145, 1_000_000})
  void itIsTheSameHoweverTheBytesArrive(int length) {
    byte[] content = random(length);
    Sealed whole = BlobSeal.of(content);
    Random random = new Random(length);
    BlobSeal pieces = new BlobSeal();
    int start = 0;
    while (start < length) {
      int size = Math.min(1 + random.nextInt(400_000), length - start);
      pieces.update(ByteBuffer.wrap(content, start, size));
      start += size;
    }

    assertThat(pieces.size()).isEqualTo(length);
    assertThat(pieces.seal()).isEqualTo(whole);
    assertThat(whole.digest()).isEqualTo(Digest.ofContent(content));
    assertThat(whole.checks().blocks()).isEqualTo((length + 262_143) / 262_144);
  }

  @Test
  void aBlockHoldsUntilOneBitOfItTurns() {
    byte[] content = random(300_000);
    BlobChecks checks = BlobSeal.of(content).checks();
    byte[] second = Arrays.copyOfRange(content, BlobChecks.BLOCK, content.length);

    assertThat(checks.holds(1, second, second.length)).isTrue();
    assertThat(checks.holds(0, second, second.length)).isFalse();
    assertThat(checks.holds(1, second, second.length - 1)).isFalse();
    assertThat(checks.holds(2, second, second.length)).isFalse();
    second[17] ^= 8;
    assertThat(checks.holds(1, second, second.length)).isFalse();
  }

  @Test
  void digestsCompareAsTheirBytes() {
    Random random = new Random(3);
    for (int i = 0; i < 1_000; i++) {
      byte[] one = new byte[32];
      byte[] other = new byte[32];
      random.nextBytes(one);
      System.arraycopy(one, 0, other, 0, 32);
      other[random.nextInt(32)] ^= (byte) (1 << random.nextInt(8));

      assertThat(Integer.signum(Digest.of(one).compareTo(Digest.of(other))))
          .isEqualTo(Integer.signum(Arrays.compareUnsigned(one, other)));
      assertThat(Digest.of(one).bytes()).isEqualTo(one);
    }
  }

  @Test
  void aDigestHas32Bytes() {
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> Digest.of(new byte[31]));
  }

  private static byte[] random(int length) {
    byte[] content = new byte[length];
    new Random(length).nextBytes(content);
    return content;
  }
}
