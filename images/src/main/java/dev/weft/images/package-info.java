/** Container images of the services, made without a container engine or a registry. */
@NullMarked
package dev.weft.images;

import org.jspecify.annotations.NullMarked;
