/** Workspaces on disk: filled from trees, watched for changes, and the cache between. */
@NullMarked
package dev.weft.worker.workspace;

import org.jspecify.annotations.NullMarked;
