/** Carries calls, in the words of the contract, to the placer and the registry. */
@NullMarked
package dev.weft.gateway.forward;

import org.jspecify.annotations.NullMarked;
