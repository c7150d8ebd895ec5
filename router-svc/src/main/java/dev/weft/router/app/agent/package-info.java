/** The use cases of agents, and the ports that they need. */
@NullMarked
package dev.weft.router.app.agent;

import org.jspecify.annotations.NullMarked;
