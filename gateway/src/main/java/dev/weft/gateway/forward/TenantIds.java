package dev.weft.gateway.forward;

import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.gateway.domain.TaskRules;

/** The ids of tenants in requests of operators. */
final class TenantIds {

  private TenantIds() {}

  /**
   * @throws InvalidRequest for one that no tenant can have
   */
  static void check(String tenant) {
    if (tenant.isEmpty()) {
      throw InvalidRequest.of("tenant_id", tenant, "a tenant's id");
    }
    TaskRules.checkText("tenant_id", tenant);
  }
}
