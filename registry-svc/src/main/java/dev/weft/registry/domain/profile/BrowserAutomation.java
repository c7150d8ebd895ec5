package dev.weft.registry.domain.profile;

import dev.weft.registry.domain.check.Check;

/**
 * What the browsers can do.
 *
 * @param vncPort 0 without VNC
 */
public record BrowserAutomation(
    String tool, boolean headless, long vncPort, boolean recording, long concurrentSessions) {

  public BrowserAutomation {
    Check.text("tool", tool, 128);
    Check.within("vnc_port", vncPort, 0, 65_535);
    Check.within("concurrent_sessions", concurrentSessions, 1, 1_000_000);
  }
}
