package dev.weft.gateway.rest;

import io.vertx.ext.web.Router;

/** A path whose bodies are streams, which no resource serves. */
public interface RawRoute {

  void route(Router router);
}
