/** What the modules of deriver share and no host may use: it changes without notice. */
@NullMarked
package io.deriver.internal;

import org.jspecify.annotations.NullMarked;
