/** What the tests of several packages share. */
@NullMarked
package io.deriver.testkit;

import org.jspecify.annotations.NullMarked;
