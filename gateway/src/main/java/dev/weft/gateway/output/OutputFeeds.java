package dev.weft.gateway.output;

import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.forward.Call;
import dev.weft.gateway.forward.OpenStream;
import dev.weft.gateway.forward.StreamSink;
import dev.weft.gateway.forward.TaskForwarder;
import dev.weft.proto.artifacts.v1.ReadOutputRequest;
import dev.weft.proto.artifacts.v1.ReadOutputResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Opens readers of output. All who follow one task share one stream from the mesh, as far as they
 * keep up with it; those of them who are further back share a few more.
 */
public final class OutputFeeds {

  private static final int MOST_CURSOR = 64;

  private final MeshOutputs outputs;
  private final MemoryShare share;
  private final OutputRings rings = new OutputRings();
  private final Map<Key, OutputFeed> feeds = new HashMap<>();

  private record Key(String tenant, String taskId) {}

  public OutputFeeds(MeshOutputs outputs, MemoryShare share) {
    this.outputs = outputs;
    this.share = share;
  }

  /** What one reader may keep now. */
  public int shareBytes() {
    return share.bytes();
  }

  /** Tasks that are followed now. */
  public synchronized int followed() {
    return feeds.size();
  }

  /** Rings that are kept now: one for each of those tasks, and one for each cohort behind. */
  public int rings() {
    return rings.open();
  }

  /** Reads a task's output; the first steps come unasked. */
  public OpenStream open(
      Call call, ReadOutputRequest request, StreamSink<List<ReadOutputResponse>> sink) {
    String taskId = TaskForwarder.checkedTaskId(request.getTaskId());
    OutputCursor after = checkedCursor(request.getAfterCursor());
    Key key = new Key(call.tenant(), taskId);
    if (!request.getFollow()) {
      OutputReader reader =
          new OutputReader(outputs.of(key.tenant(), key.taskId()), after, false, sink);
      reader.open();
      return reader;
    }
    OutputFeed feed;
    synchronized (this) {
      feed =
          feeds.computeIfAbsent(
              key,
              _ ->
                  new OutputFeed(
                      outputs.of(key.tenant(), key.taskId()),
                      after,
                      share,
                      rings,
                      ended -> forget(key, ended)));
      feed.enter();
    }
    return feed.join(after, sink, () -> leave(key, feed));
  }

  /**
   * Passes a cursor, or an empty text.
   *
   * @throws InvalidRequest if it is none
   */
  public static void checkCursor(String text) {
    checkedCursor(text);
  }

  private static OutputCursor checkedCursor(String text) {
    if (text.length() > MOST_CURSOR) {
      throw InvalidRequest.of("after_cursor", text, "a cursor of this task's output");
    }
    return OutputCursor.parse(text);
  }

  private void leave(Key key, OutputFeed feed) {
    boolean last;
    synchronized (this) {
      last = feed.exit();
      if (last) {
        feeds.remove(key, feed);
      }
    }
    if (last) {
      feed.close();
    }
  }

  /** Nobody else joins a feed that has ended. */
  private synchronized void forget(Key key, OutputFeed feed) {
    feeds.remove(key, feed);
  }
}
