package dev.weft.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 0, 1",
    "bytes=0-, 0, 10",
    "bytes=3-5, 3, 3",
    "bytes=9-9, 9, 1",
    "bytes=0-999999999999999999, 0, 10",
    "bytes=-3, 7, 3",
    "bytes=-999999999999999999, 0, 10",
    "Bytes=1-2, 1, 2"
  })
  void whatIsAskedForIsAtMostWhatThereIs(String header, long offset, long length) {
    assertThat(ByteRange.parse(header, 10)).contains(new ByteRange(offset, length));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=10-", "bytes=10-10", "bytes=-0", "bytes=999999999999999999-"})
  void whatLiesBeyondCannotBeGiven(String header) {
    assertThat(ByteRange.parse(header, 10).orElseThrow().isSatisfiable()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=5-4",
        "bytes=0-1,2-3",
        "items=0-1",
        "bytes=a-b",
        "bytes=0-9999999999999999999",
        "bytes=-1-2",
        "bytes= 0-1"
      })
  void whatIsNotUnderstoodIsNotAskedFor(String header) {
    assertThat(ByteRange.parse(header, 10)).isEmpty();
  }

  @Test
  void ofNothingNothingCanBeGiven() {
    assertThat(ByteRange.parse("bytes=0-", 0).orElseThrow().isSatisfiable()).isFalse();
    assertThat(ByteRange.parse("bytes=-5", 0).orElseThrow().isSatisfiable()).isFalse();
    assertThat(ByteRange.parse(null, 0)).isEmpty();
  }
}
