@NullMarked
package io.deriver.testkit.llm;

import org.jspecify.annotations.NullMarked;
