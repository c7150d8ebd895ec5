/** Load against a running mesh: open loop, safe from coordinated omission. */
@NullMarked
package dev.weft.bench;

import org.jspecify.annotations.NullMarked;
