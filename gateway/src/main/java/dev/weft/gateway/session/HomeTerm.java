package dev.weft.gateway.session;

/**
 * An agent whose home this gateway is.
 *
 * @param epoch grows with every change of the home
 */
record HomeTerm(String tenant, String agentId, long epoch) {}
