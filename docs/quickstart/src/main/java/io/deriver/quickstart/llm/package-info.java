/** The slow, unreliable thing: a summary from an LLM over real HTTP, through a real SDK. */
@NullMarked
package io.deriver.quickstart.llm;

import org.jspecify.annotations.NullMarked;
