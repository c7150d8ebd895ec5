@NullMarked
package dev.weft.registry.app;

import org.jspecify.annotations.NullMarked;
