@NullMarked
package dev.weft.registry.domain.profile;

import org.jspecify.annotations.NullMarked;
