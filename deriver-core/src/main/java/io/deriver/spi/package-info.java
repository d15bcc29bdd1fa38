/** What a pool needs of a store. For those who write one; hosts use a store that exists. */
@NullMarked
package io.deriver.spi;

import org.jspecify.annotations.NullMarked;
