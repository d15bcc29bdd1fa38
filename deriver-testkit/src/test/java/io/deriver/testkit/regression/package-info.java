/** Tests of the deadlock regression, with processors that are bad in one way each. */
@NullMarked
package io.deriver.testkit.regression;

import org.jspecify.annotations.NullMarked;
