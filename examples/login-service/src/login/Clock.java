package login;

import java.time.Instant;

/** What time it is. */
interface Clock {
  Instant now();
}
