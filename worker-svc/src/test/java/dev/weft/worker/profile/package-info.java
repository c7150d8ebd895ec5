@NullMarked
package dev.weft.worker.profile;

import org.jspecify.annotations.NullMarked;
