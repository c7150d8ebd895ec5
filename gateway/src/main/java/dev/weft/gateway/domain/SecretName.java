package dev.weft.gateway.domain;

import java.util.regex.Pattern;

/** What a tenant's secrets may be called. */
public final class SecretName {

  static final String EXPECTED = "1..128 of letters, digits, '_', '-' and '.'";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,128}");

  private SecretName() {}

  static boolean isValid(String name) {
    // As a path's last part these two would be others.
    return NAME.matcher(name).matches() && !name.equals(".") && !name.equals("..");
  }

  /**
   * Passes a name.
   *
   * @throws InvalidRequest if no secret may bear it
   */
  public static String checked(String name) {
    if (!isValid(name)) {
      throw InvalidRequest.of("name", name, EXPECTED);
    }
    return name;
  }
}
