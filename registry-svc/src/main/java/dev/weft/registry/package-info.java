/** The registry: who is alive. Here everything is put together. */
@NullMarked
package dev.weft.registry;

import org.jspecify.annotations.NullMarked;
