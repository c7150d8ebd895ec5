/** Tenants, tokens, joins and the audit in PostgreSQL, by Hibernate Reactive with Panache. */
@NullMarked
package dev.weft.gateway.store;

import org.jspecify.annotations.NullMarked;
