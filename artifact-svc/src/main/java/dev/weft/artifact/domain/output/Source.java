package dev.weft.artifact.domain.output;

/** Which of the command's streams. */
public enum Source {
  STDOUT,
  STDERR
}
