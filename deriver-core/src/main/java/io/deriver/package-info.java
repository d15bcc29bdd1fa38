/**
 * Background work on slow, unreliable calls: {@link io.deriver.Item items} grouped by key, worked
 * by a {@link io.deriver.Processor} on the bounded slots of a {@link io.deriver.Pool}.
 */
@NullMarked
package io.deriver;

import org.jspecify.annotations.NullMarked;
