package dev.weft.gateway.store;

import dev.weft.gateway.app.AuditEntry;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/** A row of {@code audit}; the database stamps it. */
@Entity
@Table(name = "audit")
public class AuditRow {

  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  @Nullable Long id;

  @Column(nullable = false)
  String tenant;

  @Column(nullable = false)
  String principal;

  @Column(nullable = false)
  String action;

  @Column(nullable = false)
  String target;

  @Column(nullable = false)
  String source;

  /** For Hibernate. */
  @SuppressWarnings("NullAway.Init")
  protected AuditRow() {}

  AuditRow(AuditEntry entry) {
    tenant = entry.tenant();
    principal = entry.principal();
    action = entry.action();
    target = entry.target();
    source = entry.source();
  }
}
