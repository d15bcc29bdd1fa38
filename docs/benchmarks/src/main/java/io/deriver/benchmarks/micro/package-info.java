/** What the library does in this process for each run or item, without Postgres; run by JMH. */
@NullMarked
package io.deriver.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
