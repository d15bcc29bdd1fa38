package io.deriver.testkit.regression;

import io.deriver.testkit.catalogue.HangShape;
import io.deriver.testkit.catalogue.HangingClient;
import io.deriver.testkit.catalogue.HangingProvider;
import io.deriver.testkit.catalogue.Place;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/** Gives a test method one invocation for each shape that what it takes can be in. */
final class DeadlockRegressionExtension implements TestTemplateInvocationContextProvider {

  @Override
  public boolean supportsTestTemplate(ExtensionContext context) {
    return true;
  }

  @Override
  public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
      ExtensionContext context) {
    Place place = place(context.getRequiredTestMethod());
    return Arrays.stream(HangShape.values())
        .filter(shape -> shape.place() == place)
        .map(Invocation::new);
  }

  private static Place place(Method method) {
    List<Class<?>> taken = List.of(method.getParameterTypes());
    boolean provider = taken.contains(HangingProvider.class);
    boolean client = taken.contains(HangingClient.class);
    if (provider == client || !taken.contains(Trial.class)) {
      throw new ExtensionConfigurationException(
          "%s takes %s; a @DeadlockRegressionTest takes a Trial and either a HangingProvider or a"
                  .formatted(method.getName(), taken)
              + " HangingClient");
    }
    return provider ? Place.NETWORK : Place.CLIENT;
  }

  /** One shape. */
  private record Invocation(HangShape shape) implements TestTemplateInvocationContext {

    @Override
    public String getDisplayName(int index) {
      return shape.number() + " " + shape.title();
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
      return List.of(new TrialExtension(shape));
    }
  }
}
