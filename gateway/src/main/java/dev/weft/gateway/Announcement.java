package dev.weft.gateway;

/** Tells the service catalogue that this gateway is there. */
interface Announcement {

  void make() throws Exception;

  void withdraw() throws Exception;

  /** Without a catalogue there is nobody to tell. */
  final class Silent implements Announcement {

    @Override
    public void make() {}

    @Override
    public void withdraw() {}
  }
}
