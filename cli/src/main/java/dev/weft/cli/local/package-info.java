/** The local mesh: real parts and services as processes on loopback. */
@NullMarked
package dev.weft.cli.local;

import org.jspecify.annotations.NullMarked;
