package io.deriver.testkit.llm;

import java.time.Duration;

/** How often the shapes that go on for ever send something. */
record Rhythm(Duration keepAlive, Duration drip) {}
