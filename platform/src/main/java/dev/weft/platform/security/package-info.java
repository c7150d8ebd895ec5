/** Who is who in the mesh: the CA, certificates by role, sealed secrets, bearer tokens. */
@NullMarked
package dev.weft.platform.security;

import org.jspecify.annotations.NullMarked;
