package io.deriver.testkit.regression;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that is run once for each shape: the host's method says which processor meets it, and when
 * the method has returned the shape is played as {@link DeadlockRegression} describes. The
 * invocation fails if something is wrong; its message has what was seen, a hint and the stacks.
 *
 * <pre>{@code
 * class SummariesCannotWedgeTest {
 *   @DeadlockRegressionTest
 *   void noHangWedgesThePool(HangingProvider provider, Trial trial) {
 *     trial.of(SUMMARY, "hello", new Summaries(provider.baseUrl()));
 *   }
 * }
 * }</pre>
 *
 * <p>The method takes a {@link Trial}, and a {@link io.deriver.testkit.catalogue.HangingProvider},
 * for the shapes that are made on a network, or a {@link
 * io.deriver.testkit.catalogue.HangingClient}, for those that are made in a client's code. Fields
 * and {@code BeforeEach} methods work as for any test.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(DeadlockRegressionExtension.class)
public @interface DeadlockRegressionTest {}
