/** What a worker says of itself; a value of these types is valid by its existence. */
@NullMarked
package dev.weft.registry.domain.profile;

import org.jspecify.annotations.NullMarked;
