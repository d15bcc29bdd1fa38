package io.deriver.testkit.regression;

import io.deriver.Processor;
import io.deriver.testkit.catalogue.HangShape;
import io.deriver.testkit.catalogue.HangingClient;
import io.deriver.testkit.catalogue.HangingProvider;
import io.deriver.testkit.catalogue.Place;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** A provider in one shape, or the client that takes its place, and the processor that calls it. */
interface Stage<T> extends AutoCloseable {

  Processor<T> processor();

  /** Whether so many calls are in the shape at the same time; waits for it. */
  boolean awaitMet(int atLeast, Duration within) throws InterruptedException;

  /** Whether a call was ever in the shape, however short. */
  boolean wasMet();

  /** How many calls have come; empty where that is not known. */
  OptionalInt calls();

  void recover();

  /** Brings the answers that are to come late. */
  void answerLate();

  @Override
  void close();

  /** Makes stages. */
  interface Maker<T> {

    /** Where the shapes are made that can be played on such a stage. */
    Place place();

    /** A shape whose stage can warm the processor up once it has recovered; empty if none can. */
    default Optional<HangShape> forWarmUp() {
      return Optional.of(Stage.forWarmUp(place()));
    }

    /**
     * Makes one.
     *
     * @throws StageUnavailableException if this system has no such shape
     * @throws Exception from the host's factory
     */
    Stage<T> make(HangShape shape) throws Exception;
  }

  /** A shape that is quickly made and recovers at once. */
  static HangShape forWarmUp(Place place) {
    return place == Place.NETWORK ? HangShape.HEADERS_NEVER_COME : HangShape.TIMEOUT_IGNORED;
  }

  /** A provider that is up. */
  static HangingProvider provider(HangShape shape) throws StageUnavailableException {
    try {
      return HangingProvider.of(shape);
    } catch (IllegalStateException e) {
      throw new StageUnavailableException(String.valueOf(e.getMessage()), e);
    }
  }

  static <T> Maker<T> network(ProcessorFactory<HangingProvider, T> factory) {
    return new Maker<>() {
      @Override
      public Place place() {
        return Place.NETWORK;
      }

      @Override
      public Stage<T> make(HangShape shape) throws Exception {
        HangingProvider provider = Stage.provider(shape);
        try {
          return new Network<>(provider, factory.create(provider));
        } catch (Throwable broken) {
          provider.close();
          throw broken;
        }
      }
    };
  }

  static <T> Maker<T> client(ProcessorFactory<HangingClient, T> factory) {
    return new Maker<>() {
      @Override
      public Place place() {
        return Place.CLIENT;
      }

      @Override
      public Stage<T> make(HangShape shape) throws Exception {
        HangingClient client = HangingClient.of(shape);
        try {
          return new Client<>(client, factory.create(client));
        } catch (Throwable broken) {
          client.close();
          throw broken;
        }
      }
    };
  }

  /** Any client that can be given an address. */
  record Network<T>(HangingProvider provider, Processor<T> processor) implements Stage<T> {

    @Override
    public boolean awaitMet(int atLeast, Duration within) throws InterruptedException {
      return provider.awaitMet(atLeast, within);
    }

    @Override
    public boolean wasMet() {
      return !provider.requests().isEmpty();
    }

    @Override
    public OptionalInt calls() {
      return OptionalInt.of(provider.requests().size());
    }

    @Override
    public void recover() {
      provider.recover();
    }

    @Override
    public void answerLate() {
      provider.answerLate();
    }

    @Override
    public void close() {
      provider.close();
    }
  }

  /** In the place of the client. */
  record Client<T>(HangingClient client, Processor<T> processor) implements Stage<T> {

    @Override
    public boolean awaitMet(int atLeast, Duration within) throws InterruptedException {
      return client.awaitMet(atLeast, within);
    }

    @Override
    public boolean wasMet() {
      return client.met() > 0;
    }

    @Override
    public OptionalInt calls() {
      return OptionalInt.empty();
    }

    @Override
    public void recover() {
      client.recover();
    }

    @Override
    public void answerLate() {
      // Shapes of a client bring none.
    }

    @Override
    public void close() {
      client.close();
    }
  }
}
