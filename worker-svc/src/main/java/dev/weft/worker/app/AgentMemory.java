package dev.weft.worker.app;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What an agent remembers: small values by key, each a file of one folder of its workspace, which
 * its programs read and write as well. Safe for threads.
 */
public interface AgentMemory {

  /** Names of the folder, from the workspace on. */
  List<String> FOLDER = List.of(".weft", "memory");

  int MOST_KEYS = 512;

  int MOST_BYTES = 16 * 1024;

  /** What a key is. */
  String KEY = "[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}";

  /** A key, and how many bytes its value has. */
  record Entry(String key, long size) {}

  /** Empty if there is none. */
  Optional<byte[]> get(String key) throws CarryException, IOException;

  /** Replaces it as a whole. */
  void set(String key, byte[] value) throws CarryException, IOException;

  /** Answers whether there was one. */
  boolean remove(String key) throws CarryException, IOException;

  /** In the order of the keys; what is no key is none of it. */
  List<Entry> list() throws CarryException, IOException;
}
