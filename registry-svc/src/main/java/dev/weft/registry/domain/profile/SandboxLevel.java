package dev.weft.registry.domain.profile;

/**
 * How strongly attempts are kept from the host and from each other; a later one satisfies an
 * earlier one.
 */
public enum SandboxLevel {
  NONE,
  LANDLOCK,
  BUBBLEWRAP,
  MICROVM
}
