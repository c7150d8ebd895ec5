package dev.weft.worker.sandbox;

import dev.weft.worker.app.Sandbox.Command;
import dev.weft.worker.app.SandboxException;
import dev.weft.worker.app.SandboxedProcess;
import dev.weft.worker.app.Workspace;
import dev.weft.worker.app.agent.Terminals.Pty;
import dev.weft.worker.domain.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jboss.logging.Logger;

/**
 * A sandbox whose walls stand and whose command waits to be told what to become, with its own
 * terminal, over an empty workspace that nobody was ever in. It is used by one body, or by none.
 *
 * @param workspace what the sandbox sees as its workspace
 * @param room for it and for all that runs beside it
 * @param process what waits
 * @param seen the directory that the sandbox sees, whatever has its name now
 */
record WaitingSandbox(
    Workspace workspace,
    Pty terminal,
    BubblewrapSandbox.Shared room,
    BubblewrapProcess process,
    BubblewrapSandbox sandbox,
    Object seen)
    implements WarmShelf.Kept {

  private static final Logger LOG = Logger.getLogger(WaitingSandbox.class);

  /** Tells one directory from all others, whatever its name. */
  static Object identity(Path directory) throws IOException {
    Object key = Files.readAttributes(directory, BasicFileAttributes.class).fileKey();
    if (key == null) {
      throw new IOException(directory + ": a file system without numbers of files");
    }
    return key;
  }

  @Override
  public boolean stands() {
    try {
      return process.isAlive() && seen.equals(identity(workspace.directory()));
    } catch (IOException e) {
      return false;
    }
  }

  /** Sets the limits of the body that has claimed it. */
  void limit(Limits limits) throws IOException {
    room.limit(limits);
    process.limit(limits);
  }

  /**
   * What waits becomes this command; to be called once at most.
   *
   * @throws IOException if it can't any more; then it is gone, and nothing has run
   */
  SandboxedProcess become(Command command) throws IOException {
    byte[] words = sandbox.words(command);
    try {
      if (words.length > ToldWords.MOST_BYTES) {
        throw new IOException("words: " + words.length + " bytes (expected: a pipe's)");
      }
      process.tell(words);
      return process;
    } catch (IOException e) {
      end();
      throw e;
    }
  }

  /** Ends what waits. Never fails. */
  void end() {
    try {
      process.kill();
      process.clear();
    } catch (SandboxException e) {
      LOG.debugf("a sandbox that waited had ended: error=%s", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Removes all but what waits and its terminal, which are gone or somebody else's. */
  void leave() {
    room.close();
    workspace.close();
  }

  @Override
  public void discard() {
    end();
    terminal.close();
    leave();
  }
}
