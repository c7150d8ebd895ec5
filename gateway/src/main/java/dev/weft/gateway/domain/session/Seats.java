package dev.weft.gateway.domain.session;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who of a session's clients may write: one at a time, the first who wishes to, until it goes or
 * another takes over. Then the place is the one's who has waited longest. Not safe for threads.
 *
 * @param <C> a client, by identity
 */
public final class Seats<C> {

  private final Map<C, Boolean> clients = new LinkedHashMap<>();
  private @Nullable C writer;

  /**
   * Lets a client in.
   *
   * @param viewer only watches, for good
   */
  public void enter(C client, boolean viewer) {
    clients.put(client, !viewer);
    if (writer == null && !viewer) {
      writer = client;
    }
  }

  /** Lets a client go. */
  public void leave(C client) {
    clients.remove(client);
    if (client.equals(writer)) {
      writer =
          clients.entrySet().stream()
              .filter(Map.Entry::getValue)
              .map(Map.Entry::getKey)
              .findFirst()
              .orElse(null);
    }
  }

  /**
   * Makes a client the writer.
   *
   * @return false if it only watches
   */
  public boolean takeOver(C client) {
    if (!clients.getOrDefault(client, false)) {
      return false;
    }
    writer = client;
    return true;
  }

  public boolean writes(C client) {
    return client.equals(writer);
  }

  /** Clients that don't write now. */
  public int viewers() {
    return clients.size() - (writer == null ? 0 : 1);
  }

  /** All who are in, the longest first; a copy. */
  public List<C> clients() {
    return List.copyOf(clients.keySet());
  }

  public int size() {
    return clients.size();
  }

  public boolean isEmpty() {
    return clients.isEmpty();
  }
}
