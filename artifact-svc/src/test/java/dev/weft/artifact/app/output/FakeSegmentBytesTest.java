package dev.weft.artifact.app.output;

class FakeSegmentBytesTest extends SegmentBytesContract {

  private final FakeSegmentBytes bytes = new FakeSegmentBytes();

  @Override
  protected SegmentBytes bytes() {
    return bytes;
  }

  @Override
  protected void lose(StoredSegment segment) {
    bytes.lose(segment);
  }
}
