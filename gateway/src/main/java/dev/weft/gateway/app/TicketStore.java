package dev.weft.gateway.app;

import dev.weft.gateway.domain.SecretHash;
import dev.weft.gateway.domain.SessionTicket;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Keeps tickets by the hashes of their secrets. A stage fails with STORE_UNAVAILABLE. */
public interface TicketStore {

  /**
   * A ticket that was used up by this very call, whether it has expired or not.
   *
   * @param credential by which the bearer who was given it is asked for
   */
  record Used(SessionTicket ticket, SecretHash credential) {}

  CompletionStage<Void> add(SessionTicket ticket, SecretHash secret);

  /** Takes a ticket out, for one caller only, at whatever gateway. */
  CompletionStage<Optional<Used>> use(SecretHash secret);
}
