/** What a person sees: progress, figures, stacks. */
@NullMarked
package io.deriver.quickstart.report;

import org.jspecify.annotations.NullMarked;
