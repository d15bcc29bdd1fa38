package io.deriver.testkit.regression;

import io.deriver.Processor;
import io.deriver.testkit.catalogue.HangShape;
import io.deriver.testkit.catalogue.HangingClient;
import io.deriver.testkit.catalogue.HangingProvider;
import io.deriver.testkit.catalogue.Place;
import java.util.Optional;

/** What a test method was given to call; its processor comes later. */
interface GivenStage extends AutoCloseable {

  /** What the test method takes. */
  Object given();

  /** Of this stage, whatever shape it is asked for: it has one. */
  <T> Stage.Maker<T> maker(Processor<T> processor);

  @Override
  void close();

  static GivenStage open(HangShape shape) throws StageUnavailableException {
    return shape.place() == Place.NETWORK
        ? new OfProvider(Stage.provider(shape))
        : new OfClient(HangingClient.of(shape));
  }

  /** A provider. */
  record OfProvider(HangingProvider given) implements GivenStage {

    @Override
    public <T> Stage.Maker<T> maker(Processor<T> processor) {
      return new Given<>(Place.NETWORK, new Stage.Network<>(given, processor));
    }

    @Override
    public void close() {
      given.close();
    }
  }

  /** A client. */
  record OfClient(HangingClient given) implements GivenStage {

    @Override
    public <T> Stage.Maker<T> maker(Processor<T> processor) {
      return new Given<>(Place.CLIENT, new Stage.Client<>(given, processor));
    }

    @Override
    public void close() {
      given.close();
    }
  }

  /** Gives what is there. */
  record Given<T>(Place place, Stage<T> stage) implements Stage.Maker<T> {

    @Override
    public Optional<HangShape> forWarmUp() {
      return Optional.empty();
    }

    @Override
    public Stage<T> make(HangShape shape) {
      return stage;
    }
  }
}
