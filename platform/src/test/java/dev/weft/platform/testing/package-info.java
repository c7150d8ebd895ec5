/**
 * What the services' tests share: time to set, an in-process mesh, the architecture's rules, the
 * catalogue's check.
 */
@NullMarked
package dev.weft.platform.testing;

import org.jspecify.annotations.NullMarked;
