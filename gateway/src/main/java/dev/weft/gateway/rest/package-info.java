/**
 * HTTP in: JSON that is the contract's canonical mapping, server-sent events, problems by RFC 9457.
 */
@NullMarked
package dev.weft.gateway.rest;

import org.jspecify.annotations.NullMarked;
