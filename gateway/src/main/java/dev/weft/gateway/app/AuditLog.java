package dev.weft.gateway.app;

import java.util.concurrent.CompletionStage;

/** Keeps what administrators did. */
public interface AuditLog {

  /** Done when the entry is durable. */
  CompletionStage<Void> append(AuditEntry entry);
}
