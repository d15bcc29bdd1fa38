/** The subcommands, with which several processes share the work. */
@NullMarked
package io.deriver.quickstart.commands;

import org.jspecify.annotations.NullMarked;
