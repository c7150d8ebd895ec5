package dev.weft.artifact.blob;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EarlyFlushTest {

  private static final int ENOUGH = 32 << 20;

  @TempDir Path folder;
  private FileChannel channel;

  @BeforeEach
  void open() throws IOException {
    channel =
        FileChannel.open(
            folder.resolve("file"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  @Test
  void aFlushThatFailedIsTheFilesFailureAtItsEnd() throws IOException {
    EarlyFlush flush = new EarlyFlush(channel);
    channel.close();
    flush.written(ENOUGH);
    assertThatThrownBy(flush::end).isInstanceOf(ClosedChannelException.class);
  }

  @Test
  void aSmallFileIsNotFlushedEarly() throws IOException {
    EarlyFlush flush = new EarlyFlush(channel);
    channel.close();
    flush.written(ENOUGH - 1);
    assertThatCode(flush::end).doesNotThrowAnyException();
  }
}
