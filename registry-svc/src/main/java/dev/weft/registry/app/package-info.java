/** What the registry does, and the ports through which it reaches the world. */
@NullMarked
package dev.weft.registry.app;

import org.jspecify.annotations.NullMarked;
