package dev.weft.gateway.rest;

import dev.weft.gateway.app.Authenticator;
import dev.weft.platform.error.CommonReason;
import dev.weft.platform.error.MeshException;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.container.ResourceInfo;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/** Asks every caller of a resource for the scope that it needs. */
class ScopeFilter {

  private final RestCalls calls;

  ScopeFilter(RestCalls calls) {
    this.calls = calls;
  }

  @ServerRequestFilter
  void check(ResourceInfo resource, RoutingContext context) {
    @Nullable Needs needs = resource.getResourceMethod().getAnnotation(Needs.class);
    if (needs == null) {
      throw new MeshException(CommonReason.PERMISSION_DENIED, "resource: for nobody");
    }
    Authenticator.require(calls.of(context).caller(), needs.value());
  }
}
