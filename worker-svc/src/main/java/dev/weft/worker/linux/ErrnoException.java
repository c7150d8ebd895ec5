package dev.weft.worker.linux;

import java.io.IOException;

/** A system call that failed. */
public final class ErrnoException extends IOException {

  private static final long serialVersionUID = 1L;

  static final int ENOENT = 2;
  static final int EAGAIN = 11;
  static final int EACCES = 13;
  static final int EEXIST = 17;
  static final int EXDEV = 18;
  static final int ENOTDIR = 20;
  static final int EISDIR = 21;
  static final int EINVAL = 22;
  static final int ENOSPC = 28;
  static final int ENOSYS = 38;
  static final int ELOOP = 40;
  static final int EDQUOT = 122;

  private final int errno;

  ErrnoException(String call, int errno) {
    super(call + ": " + name(errno));
    this.errno = errno;
  }

  public boolean notThere() {
    return errno == ENOENT;
  }

  /** It would have to be waited for. */
  boolean nothingYet() {
    return errno == EAGAIN;
  }

  public boolean denied() {
    return errno == EACCES;
  }

  /** There is something of that name already. */
  public boolean exists() {
    return errno == EEXIST;
  }

  /** It is no directory, or a symbolic link where none may be. */
  public boolean notDirectory() {
    return errno == ENOTDIR || errno == ELOOP;
  }

  /** What bore the name a moment ago is gone, or something else by now. */
  public boolean moved() {
    return notThere() || notDirectory() || errno == EINVAL;
  }

  /** The kernel can't do that here; there is another way. */
  boolean unsupported() {
    return errno == EXDEV || errno == EINVAL || errno == ENOSYS;
  }

  public boolean diskFull() {
    return errno == ENOSPC || errno == EDQUOT;
  }

  private static String name(int errno) {
    return switch (errno) {
      case ENOENT -> "not there";
      case EACCES -> "permission denied";
      case EEXIST -> "exists";
      case ENOTDIR -> "not a directory";
      case EISDIR -> "a directory";
      case ELOOP -> "a symbolic link";
      case ENOSPC -> "no space left on device";
      case EDQUOT -> "disk quota exceeded";
      default -> "errno " + errno;
    };
  }
}
