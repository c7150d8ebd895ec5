package dev.weft.router.domain.journal;

import dev.weft.router.domain.task.Document;

/** Every placement that one commit made for one tenant; key (commit number, tenant). */
public record TenantDecisions(String tenant, Document body) {}
