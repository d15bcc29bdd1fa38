/**
 * A network that can be made to hang, to lose answers and to break: {@link
 * io.deriver.testkit.net.TcpProxy}. It needs neither deriver nor a test framework.
 */
@NullMarked
package io.deriver.testkit.net;

import org.jspecify.annotations.NullMarked;
