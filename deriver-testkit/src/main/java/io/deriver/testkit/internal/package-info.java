/** What the packages of the testkit share: no API. */
@NullMarked
package io.deriver.testkit.internal;

import org.jspecify.annotations.NullMarked;
