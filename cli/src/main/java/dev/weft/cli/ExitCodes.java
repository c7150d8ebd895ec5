package dev.weft.cli;

/** What the command's exit code means; cli/README.md has the same table. */
public final class ExitCodes {
  public static final int OK = 0;

  /** The mesh refused, or something failed. */
  public static final int FAILED = 1;

  /** The command line is wrong. */
  public static final int USAGE = 2;

  /** No gateway answers. */
  public static final int UNREACHABLE = 3;

  /** No token, a bad one, or one without the scope. */
  public static final int UNAUTHORIZED = 4;

  /** No such task or worker. */
  public static final int NOT_FOUND = 5;

  /** The doctor found something missing. */
  public static final int MISSING = 6;

  /** run: the attempt's time was over. */
  public static final int RUN_TIMEOUT = 124;

  /** run: weft itself or the mesh failed, so the command has no exit code. */
  public static final int RUN_BROKEN = 125;

  /** run: no such command on the worker. */
  public static final int RUN_COMMAND_NOT_FOUND = 127;

  /** run: cancelled. */
  public static final int RUN_CANCELLED = 130;

  private ExitCodes() {}
}
