/** The host's side of deriver: what a service that uses it has to write. */
@NullMarked
package io.deriver.quickstart.host;

import org.jspecify.annotations.NullMarked;
