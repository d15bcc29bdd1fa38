package io.deriver.testkit.catalogue;

import io.deriver.testkit.net.FullBacklog;
import io.deriver.testkit.net.LoopbackTls;
import io.deriver.testkit.net.SilentServer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Where clients come and get no further. */
interface Door extends AutoCloseable {

  HangShape shape();

  String url();

  boolean awaitMet(int atLeast, Duration within) throws InterruptedException;

  /** Leaves the port to another; those who came go on to wait, as far as the kernel lets them. */
  void stopListening();

  @Override
  void close();

  /** Nobody is let in. */
  record Full(FullBacklog backlog) implements Door {

    private static final long LOOK_AGAIN_MILLIS = 5;

    @Override
    public HangShape shape() {
      return HangShape.CONNECT_NEVER_COMPLETES;
    }

    @Override
    public String url() {
      return backlog.baseUrl();
    }

    @Override
    public boolean awaitMet(int atLeast, Duration within) throws InterruptedException {
      long until = System.nanoTime() + within.toNanos();
      while (backlog.waiting() < atLeast) {
        if (System.nanoTime() - until >= 0) {
          return false;
        }
        // No kernel tells when one more has come; it can only be asked again.
        TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MILLIS);
      }
      return true;
    }

    @Override
    public void stopListening() {
      backlog.close();
    }

    @Override
    public void close() {
      backlog.close();
    }
  }

  /** Everybody is let in and told nothing. */
  record Silent(SilentServer server) implements Door {

    /** Has the certificate made first: without one nobody could be answered in the end. */
    static Silent open() {
      var unused = LoopbackTls.shared();
      return new Silent(new SilentServer());
    }

    @Override
    public HangShape shape() {
      return HangShape.HANDSHAKE_NEVER_ANSWERED;
    }

    @Override
    public String url() {
      return server.httpsUrl();
    }

    @Override
    public boolean awaitMet(int atLeast, Duration within) throws InterruptedException {
      return server.awaitConnections(atLeast, within);
    }

    @Override
    public void stopListening() {
      server.stopListening();
    }

    @Override
    public void close() {
      server.close();
    }
  }
}
