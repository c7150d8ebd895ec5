package dev.weft.worker.app.agent;

import dev.weft.worker.domain.agent.TerminalSize;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;

/** Makes terminals. */
@FunctionalInterface
public interface Terminals {

  /**
   * @param owner the user whose programs use it, where the worker can choose one
   */
  Pty open(OptionalInt owner) throws IOException;

  /**
   * A terminal. Reading and writing block; each is for one thread. It may be closed only when no
   * program has it open and both threads are gone.
   */
  interface Pty extends AutoCloseable {

    /** What a program is given. */
    Path device();

    /** Reads on behind what is there, without waiting longer than until there is something. */
    int read(byte[] into, int offset) throws IOException;

    /** Bytes that can be read without waiting. */
    int readable() throws IOException;

    void write(byte[] bytes) throws IOException;

    void resize(TerminalSize size) throws IOException;

    @Override
    void close();
  }
}
