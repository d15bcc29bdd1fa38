/**
 * A network that can be made to hang, to lose answers and to break, {@link
 * io.deriver.testkit.net.TcpProxy}; and two addresses where no call gets as far as a request:
 * {@link io.deriver.testkit.net.FullBacklog}, to which no connect completes, and {@link
 * io.deriver.testkit.net.SilentServer}, which answers no TLS handshake. They know no pool and no
 * store, and need no test framework.
 */
@NullMarked
package io.deriver.testkit.net;

import org.jspecify.annotations.NullMarked;
