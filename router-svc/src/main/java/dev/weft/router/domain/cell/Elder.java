package dev.weft.router.domain.cell;

/** A stream's place among those of its class by the age of its head, whoever's it is. */
final class Elder extends IndexedHeap.Item<Elder> {

  final TaskStream stream;

  Elder(TaskStream stream) {
    this.stream = stream;
  }

  @Override
  boolean sortsBefore(Elder other) {
    return stream.sortsBefore(other.stream);
  }
}
