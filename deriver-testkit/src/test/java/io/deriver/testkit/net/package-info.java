@NullMarked
package io.deriver.testkit.net;

import org.jspecify.annotations.NullMarked;
