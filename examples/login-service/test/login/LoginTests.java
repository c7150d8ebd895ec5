package login;

import static login.TestRun.check;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** All tests of the service. */
final class LoginTests {
  private static final Duration LIFETIME = Duration.ofMinutes(15);

  private Instant now = Instant.parse("2026-01-01T12:00:00Z");
  private final Tokens tokens = new Tokens(new byte[32], LIFETIME, () -> now);
  private final Passwords passwords = new Passwords();
  private final HttpClient client = HttpClient.newHttpClient();

  public static void main(String[] arguments) throws Exception {
    System.exit(new LoginTests().all().end(Path.of("build", "report.txt")));
  }

  private TestRun all() {
    passwords.add("ada", "lovelace");
    TestRun run = new TestRun();
    run.test("right password matches", () -> check(passwords.matches("ada", "lovelace"), "refused"));
    run.test("wrong password does not match", () -> check(!passwords.matches("ada", "x"), "let in"));
    run.test("unknown user does not match", () -> check(!passwords.matches("eve", "x"), "let in"));
    run.test("token names its user", this::tokenNamesItsUser);
    run.test("forged token is refused", this::forgedToken);
    run.test("expired token is refused", this::expiredToken);
    run.test("login gives a token that /me takes", this::wholeLogin);
    run.test("wrong password is 401", this::wrongPassword);
    run.test("no token is 401", this::noToken);
    return run;
  }

  private void tokenNamesItsUser() {
    check(tokens.user(tokens.issue("ada")).equals(Optional.of("ada")), "not ada");
  }

  private void forgedToken() {
    String token = tokens.issue("ada");
    String forged = "ZXZl" + token.substring(token.indexOf('.'));
    check(tokens.user(forged).isEmpty(), "taken");
  }

  private void expiredToken() {
    String token = tokens.issue("ada");
    Instant issued = now;
    now = now.plus(LIFETIME).plusSeconds(1);
    boolean taken = tokens.user(token).isPresent();
    now = issued;
    check(!taken, "a token was taken after its 15 minutes");
  }

  private void wholeLogin() throws Exception {
    try (LoginServer server = new LoginServer(0, passwords, tokens)) {
      HttpResponse<String> login = login(server, "user=ada&password=lovelace");
      check(login.statusCode() == 200, "login: " + login.statusCode());
      HttpResponse<String> me = me(server, login.body());
      check(me.statusCode() == 200 && me.body().equals("ada"), "me: " + me.body());
    }
  }

  private void wrongPassword() throws Exception {
    try (LoginServer server = new LoginServer(0, passwords, tokens)) {
      check(login(server, "user=ada&password=x").statusCode() == 401, "let in");
    }
  }

  private void noToken() throws Exception {
    try (LoginServer server = new LoginServer(0, passwords, tokens)) {
      check(me(server, "").statusCode() == 401, "let in");
    }
  }

  private HttpResponse<String> login(LoginServer server, String form) throws Exception {
    return client.send(
        request(server, "/login").POST(BodyPublishers.ofString(form)).build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> me(LoginServer server, String token) throws Exception {
    return client.send(
        request(server, "/me").header("Authorization", "Bearer " + token).build(),
        BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(LoginServer server, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
  }
}
