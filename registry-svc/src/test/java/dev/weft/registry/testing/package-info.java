/** A mesh for tests: certificates, workers and watchers that speak the real protocol. */
@NullMarked
package dev.weft.registry.testing;

import org.jspecify.annotations.NullMarked;
