/** What is done to the processes and to their network, by a seed. */
@NullMarked
package io.deriver.soak.faults;

import org.jspecify.annotations.NullMarked;
