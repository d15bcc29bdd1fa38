package io.deriver.testkit.regression;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.testkit.catalogue.HangShape;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/** Gives one invocation its provider or client, and plays when the method has returned. */
final class TrialExtension
    implements BeforeEachCallback, ParameterResolver, InvocationInterceptor, AfterEachCallback {

  private static final String WARM = "warm";
  private static final String LOCK = "lock";

  private final HangShape shape;
  private @Nullable GivenStage stage;
  private @Nullable Trial trial;

  TrialExtension(HangShape shape) {
    this.shape = shape;
  }

  /** Opens it here, since JUnit takes what aborts a parameter's resolution for a failure. */
  @Override
  public void beforeEach(ExtensionContext context) {
    stage();
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getDeclaringExecutable() instanceof Method
        && (parameter.getParameter().getType() == Trial.class
            || parameter.getParameter().getType().isInstance(stage().given()));
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    if (parameter.getParameter().getType() != Trial.class) {
      return stage().given();
    }
    if (trial == null) {
      trial = new Trial(stage());
    }
    return trial;
  }

  private GivenStage stage() {
    if (stage == null) {
      try {
        stage = GivenStage.open(shape);
      } catch (StageUnavailableException e) {
        Assumptions.abort(e.getMessage());
        throw new IllegalStateException(e);
      }
    }
    return stage;
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<@Nullable Void> method,
      ReflectiveInvocationContext<Method> call,
      ExtensionContext context)
      throws Throwable {
    // Before the method's own call: what that leaves in fields of the test is to be played with.
    warmUpOnce(call, context);
    method.proceed();
    DeadlockRegression<?> regression = trial == null ? null : trial.regression();
    if (regression == null) {
      throw new AssertionError(
          "The test gave its trial no processor; call trial.of(type, payload, processor)");
    }
    if (!regression.plays(shape)) {
      Assumptions.abort(shape + " is left out by the test");
    }
    RegressionReport report = regression.only(shape).play();
    context.publishReportEntry("deriver", report.toString());
    List<ShapeReport> notPlayed = report.shapes().stream().filter(one -> !one.played()).toList();
    if (!notPlayed.isEmpty()) {
      Assumptions.abort(notPlayed.get(0).notes().toString());
    }
    assertThat(report).recoversInEveryShape();
  }

  private void warmUpOnce(ReflectiveInvocationContext<Method> call, ExtensionContext context)
      throws Throwable {
    ExtensionContext.Store ofAll =
        context
            .getParent()
            .orElse(context)
            .getStore(ExtensionContext.Namespace.create(TrialExtension.class));
    // One of its own: the host's processor may take the monitor of the test's class.
    synchronized (ofAll.getOrComputeIfAbsent(LOCK, key -> new Object())) {
      Object before = ofAll.get(WARM);
      if (before instanceof IllegalStateException neverWell) {
        throw new IllegalStateException(neverWell.getMessage(), neverWell);
      }
      if (before == null) {
        warmUp(call, ofAll);
        ofAll.put(WARM, true);
      }
    }
  }

  private void warmUp(ReflectiveInvocationContext<Method> call, ExtensionContext.Store ofAll)
      throws Throwable {
    HangShape any = Stage.forWarmUp(shape.place());
    try (GivenStage well = GivenStage.open(any)) {
      Trial first = new Trial(well);
      Object[] arguments =
          call.getArguments().stream()
              .map(
                  given -> given == trial ? first : given == stage().given() ? well.given() : given)
              .toArray();
      invoke(call, arguments);
      DeadlockRegression<?> regression = first.regression();
      if (regression != null) {
        try {
          regression.warmUp(any);
        } catch (IllegalStateException neverWell) {
          // It may have taken half a minute, and would do so again for each shape.
          ofAll.put(WARM, neverWell);
          throw neverWell;
        }
      }
    }
  }

  private static void invoke(ReflectiveInvocationContext<Method> call, Object[] arguments)
      throws Throwable {
    call.getExecutable().setAccessible(true);
    try {
      call.getExecutable().invoke(call.getTarget().orElse(null), arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  @Override
  public void afterEach(ExtensionContext context) {
    if (stage != null) {
      stage.close();
    }
  }
}
