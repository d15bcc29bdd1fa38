/**
 * Fake LLMs that hang in the ways in which real ones were reported to hang: {@link
 * io.deriver.testkit.llm.FakeLlmServer} over real sockets, {@link
 * io.deriver.testkit.llm.HangingLlm} in process. They know no pool and no store, need no test
 * framework, and let go of all they hold on close.
 */
@NullMarked
package io.deriver.testkit.llm;

import org.jspecify.annotations.NullMarked;
