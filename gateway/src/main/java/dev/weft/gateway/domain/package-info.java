/**
 * What the door knows by itself: who may do what, and which tasks are well-formed. Plain values and
 * pure rules.
 */
@NullMarked
package dev.weft.gateway.domain;

import org.jspecify.annotations.NullMarked;
