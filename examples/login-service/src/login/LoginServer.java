package login;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** POST /login with user and password gives a token; GET /me with it says whose it is. */
final class LoginServer implements AutoCloseable {
  private static final int LONGEST_BODY = 4096;
  private static final String BEARER = "Bearer ";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(4);
  private final Passwords passwords;
  private final Tokens tokens;

  LoginServer(int port, Passwords passwords, Tokens tokens) throws IOException {
    this.passwords = passwords;
    this.tokens = tokens;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(threads);
    server.createContext("/login", this::login);
    server.createContext("/me", this::me);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void login(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestMethod().equals("POST")) {
      answer(exchange, 405, "POST it");
      return;
    }
    String body = new String(exchange.getRequestBody().readNBytes(LONGEST_BODY), UTF_8);
    Map<String, String> form = form(body);
    String user = form.getOrDefault("user", "");
    if (passwords.matches(user, form.getOrDefault("password", ""))) {
      answer(exchange, 200, tokens.issue(user));
    } else {
      answer(exchange, 401, "wrong user or password");
    }
  }

  private void me(HttpExchange exchange) throws IOException {
    String header = exchange.getRequestHeaders().getFirst("Authorization");
    Optional<String> user =
        header != null && header.startsWith(BEARER)
            ? tokens.user(header.substring(BEARER.length()))
            : Optional.empty();
    answer(exchange, user.isPresent() ? 200 : 401, user.orElse("log in first"));
  }

  private static Map<String, String> form(String body) {
    Map<String, String> form = new HashMap<>();
    for (String field : body.split("&")) {
      int equals = field.indexOf('=');
      if (equals > 0) {
        form.put(
            URLDecoder.decode(field.substring(0, equals), UTF_8),
            URLDecoder.decode(field.substring(equals + 1), UTF_8));
      }
    }
    return form;
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    try (exchange) {
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  public static void main(String[] arguments) throws IOException {
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    Passwords passwords = new Passwords();
    passwords.add("ada", System.getenv().getOrDefault("ADA_PASSWORD", "lovelace"));
    LoginServer server =
        new LoginServer(8000, passwords, new Tokens(key, Duration.ofMinutes(15), Instant::now));
    System.out.println("http://127.0.0.1:" + server.port());
  }
}
