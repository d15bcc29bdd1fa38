/** What calls cost beside many keys. */
@NullMarked
package io.deriver.benchmarks.backlog;

import org.jspecify.annotations.NullMarked;
