/**
 * Which files of a directory stay at home: the rules of .gitignore, byte by byte as git has them.
 */
@NullMarked
package dev.weft.cli.ignore;

import org.jspecify.annotations.NullMarked;
