package dev.weft.gateway.forward;

/** Takes one stream's items, one at a time: the next comes only after it was asked for. */
public interface StreamSink<T> {

  void next(T item);

  /** The stream is over. */
  void done();

  void failed(RuntimeException why);
}
