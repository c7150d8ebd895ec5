/** The homes of agents: their bodies' streams in, their clients' streams out, the placer's word. */
@NullMarked
package dev.weft.gateway.session;

import org.jspecify.annotations.NullMarked;
