/**
 * How a machine becomes and stays a member of the mesh: its key, its certificate, the addresses
 * that it dials.
 */
@NullMarked
package dev.weft.worker.join;

import org.jspecify.annotations.NullMarked;
