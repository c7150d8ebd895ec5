package dev.weft.router.app;

/**
 * What goes with a change of policy.
 *
 * @param author tenant and principal
 * @param comment why
 * @param requestId by which a repeated call is known; empty when it is not
 */
public record PolicyNote(String author, String comment, String requestId) {

  static final PolicyNote NONE = new PolicyNote("", "", "");
}
