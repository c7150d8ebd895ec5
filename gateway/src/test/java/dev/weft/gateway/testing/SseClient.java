package dev.weft.gateway.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Reads server-sent events as the standard says. */
public final class SseClient implements AutoCloseable {

  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final List<String> comments = new CopyOnWriteArrayList<>();
  private final HttpResponse<InputStream> response;
  private final HttpClient http;
  private volatile boolean ended;

  private SseClient(HttpClient http, HttpResponse<InputStream> response) {
    this.http = http;
    this.response = response;
  }

  /** One event. */
  public record Event(String name, String id, String data) {}

  public static SseClient open(String url, String secret, String lastEventId) {
    HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Authorization", "Bearer " + secret)
            .header("Accept", "text/event-stream");
    if (!lastEventId.isEmpty()) {
      request.header("Last-Event-ID", lastEventId);
    }
    try {
      SseClient client =
          new SseClient(
              http, http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream()));
      Thread.ofVirtual().start(client::read);
      return client;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  public List<Event> events() {
    return events;
  }

  public List<String> comments() {
    return comments;
  }

  /** Whether the server ended the stream properly. */
  public boolean ended() {
    return ended;
  }

  public int status() {
    return response.statusCode();
  }

  public String header(String name) {
    return response.headers().firstValue(name).orElse("");
  }

  private void read() {
    String name = "message";
    String id = "";
    StringBuilder data = new StringBuilder();
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.isEmpty()) {
          if (!data.isEmpty()) {
            events.add(new Event(name, id, data.toString()));
          }
          name = "message";
          data.setLength(0);
        } else if (line.startsWith(":")) {
          comments.add(line);
        } else if (line.startsWith("event: ")) {
          name = line.substring(7);
        } else if (line.startsWith("id: ")) {
          id = line.substring(4);
        } else if (line.startsWith("data: ")) {
          data.append(line.substring(6));
        }
      }
      ended = true;
    } catch (IOException e) {
      // Cut off, by either side.
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
