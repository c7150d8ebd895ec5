package dev.weft.gateway.domain.session;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in a session: frames order by body, then by number. Number 0 is the place before a body's
 * first frame.
 *
 * @param body from 1, by an agent's bodies; 0 is before all of them
 */
public record Place(int body, long number) implements Comparable<Place> {

  /** Before everything. */
  public static final Place START = new Place(0, 0);

  /** The first frame of a session's first body. */
  public static final Place FIRST = new Place(1, 1);

  private static final Pattern TEXT = Pattern.compile("(\\d{1,9})\\.(\\d{1,18})");
  private static final Comparator<Place> ORDER =
      Comparator.comparingInt(Place::body).thenComparingLong(Place::number);

  public Place {
    if (body < 0 || number < 0) {
      throw new IllegalArgumentException(
          "place: " + body + "." + number + " (expected: no negative number)");
    }
  }

  /** Reads what {@link #text} wrote; empty for anything else. */
  public static Optional<Place> parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    Place place = new Place(Integer.parseInt(parts.group(1)), Long.parseLong(parts.group(2)));
    return place.text().equals(text) ? Optional.of(place) : Optional.empty();
  }

  /** As clients see it. */
  public String text() {
    return body + "." + number;
  }

  public Place next() {
    return new Place(body, number + 1);
  }

  /** The place before a frame's. */
  public Place before() {
    return new Place(body, number - 1);
  }

  public boolean isBefore(Place other) {
    return compareTo(other) < 0;
  }

  @Override
  public int compareTo(Place other) {
    return ORDER.compare(this, other);
  }
}
