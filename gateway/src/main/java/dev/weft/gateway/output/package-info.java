/** What tasks write, as one stream over all their attempts, shared by those who follow it. */
@NullMarked
package dev.weft.gateway.output;

import org.jspecify.annotations.NullMarked;
