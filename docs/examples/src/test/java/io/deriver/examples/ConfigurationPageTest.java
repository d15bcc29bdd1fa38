package io.deriver.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.deriver.Backoff;
import io.deriver.Item;
import io.deriver.ItemType;
import io.deriver.Limits;
import io.deriver.Outcome;
import io.deriver.Pool;
import io.deriver.ZombiePolicy;
import io.deriver.jdbc.PostgresQueue;
import io.deriver.spi.WorkStore;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Guards that docs/configuration.md names every setting, with the default and range of the code.
 */
class ConfigurationPageTest {

  private static final ItemType<String> TYPE = ItemType.of("type", String.class);
  private static final Map<String, List<String>> FIELDS =
      Map.of(
          "pollInterval", List.of("pollMin", "pollMax"),
          "whenSaturatedFor", List.of("whenSaturatedFor"));

  private record Row(String defaultValue, String range) {}

  @Test
  void everySettingOfAPoolIsThereWithItsDefaultAndRange() {
    Map<String, Row> rows = section("Pool.Builder");
    assertThat(rows.keySet()).isEqualTo(settersOf(Pool.Builder.class));
    rows.forEach(
        (setting, row) -> {
          compareDefaults(row, setting, Pool.builder(nothing(WorkStore.class)));
          checkRange(Pool.Builder.class, setting, row);
        });
  }

  @Test
  void everyLimitIsThereWithItsDefaultAndRange() throws Exception {
    Map<String, Row> rows = section("Limits.Builder");
    assertThat(rows.keySet()).isEqualTo(settersOf(Limits.Builder.class));
    Limits defaults = Limits.builder().build();
    for (var entry : rows.entrySet()) {
      Object value = Limits.class.getMethod(entry.getKey()).invoke(defaults);
      Written.of(entry.getKey(), value)
          .ifPresent(
              text ->
                  assertThat(entry.getValue().defaultValue()).as(entry.getKey()).isEqualTo(text));
      checkRange(Limits.Builder.class, entry.getKey(), entry.getValue());
    }
  }

  @Test
  void everySettingOfAQueueIsThereWithItsDefaultAndRange() {
    Map<String, Row> rows = section("PostgresQueue.Builder");
    assertThat(rows.keySet()).isEqualTo(settersOf(PostgresQueue.Builder.class));
    rows.forEach(
        (setting, row) -> {
          if (!setting.equals("installSchema")) {
            compareDefaults(row, setting, PostgresQueue.builder(nothing(DataSource.class)));
          }
          checkRange(PostgresQueue.Builder.class, setting, row);
        });
  }

  @Test
  void everyValueIsThereWithItsDefault() throws Exception {
    record(section("Backoff"), Backoff.standard());
    record(section("ZombiePolicy"), ZombiePolicy.release());
    record(section("Item"), Item.of(TYPE, "key", "payload"));
  }

  private static void record(Map<String, Row> rows, Record value) throws Exception {
    Set<String> components =
        Arrays.stream(value.getClass().getRecordComponents())
            .map(RecordComponent::getName)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(rows.keySet()).isEqualTo(components);
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      Row row = rows.get(component.getName());
      if (row != null
          && component.getType() != String.class
          && component.getType() != Object.class) {
        Written.of(component.getName(), component.getAccessor().invoke(value))
            .ifPresent(
                text -> assertThat(row.defaultValue()).as(component.getName()).isEqualTo(text));
      }
    }
  }

  private static void compareDefaults(Row row, String setting, Object builder) {
    List<String> texts =
        FIELDS.getOrDefault(setting, List.of(setting)).stream()
            .map(field -> field(builder, field))
            .flatMap(field -> Written.of(setting, valueOf(field, builder)).stream())
            .toList();
    if (!texts.isEmpty()) {
      assertThat(row.defaultValue())
          .as("default of %s", setting)
          .isEqualTo(String.join(" to ", texts));
    } else {
      assertThat(row.defaultValue()).as("default of %s", setting).isNotBlank();
    }
  }

  private static Field field(Object builder, String name) {
    Map<String, String> differently =
        Map.of(
            "processor", "served",
            "asyncProcessor", "served",
            "listener", "listeners",
            "maintenanceDataSource", "dataSource");
    try {
      Field field = builder.getClass().getDeclaredField(differently.getOrDefault(name, name));
      field.setAccessible(true);
      return field;
    } catch (NoSuchFieldException e) {
      throw new AssertionError(e);
    }
  }

  private static @Nullable Object valueOf(Field field, Object builder) {
    try {
      return field.get(builder);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  /** A value below the range and one above it are refused by name, the ends of it are not. */
  private static void checkRange(Class<?> builder, String setting, Row row) {
    String[] ends = row.range().split(" to ", -1);
    if (ends.length != 2) {
      return;
    }
    Object low = Written.parse(ends[0]).orElse(null);
    Object high = Written.parse(ends[1]).orElse(null);
    if (low == null || high == null) {
      return;
    }
    String rule = "must be between";
    assertThat(refusal(builder, setting, Written.beside(low, -1)))
        .startsWith(setting)
        .contains(rule);
    assertThat(refusal(builder, setting, Written.beside(high, 1)))
        .startsWith(setting)
        .contains(rule);
    assertThat(refusal(builder, setting, low)).doesNotContain(rule);
    assertThat(refusal(builder, setting, high)).doesNotContain(rule);
  }

  private static String refusal(Class<?> type, String setting, Object value) {
    Object builder = builderOf(type);
    Method setter =
        Arrays.stream(type.getMethods())
            .filter(method -> method.getName().equals(setting))
            .findFirst()
            .orElseThrow();
    Object[] arguments =
        Arrays.stream(setter.getParameterTypes())
            .map(parameter -> parameter == Runnable.class ? (Runnable) () -> {} : value)
            .toArray();
    try {
      setter.invoke(builder, arguments);
      if (type != PostgresQueue.Builder.class) {
        type.getMethod("build").invoke(builder);
      }
      return "";
    } catch (InvocationTargetException refused) {
      return String.valueOf(refused.getTargetException().getMessage());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(setting, e);
    }
  }

  private static Object builderOf(Class<?> type) {
    if (type == Limits.Builder.class) {
      return Limits.builder().timeout(Duration.ofDays(1));
    } else if (type == PostgresQueue.Builder.class) {
      return PostgresQueue.builder(nothing(DataSource.class));
    }
    return Pool.builder(nothing(WorkStore.class)).processor(TYPE, (unit, run) -> Outcome.done());
  }

  private static Set<String> settersOf(Class<?> builder) {
    return Arrays.stream(builder.getDeclaredMethods())
        .filter(method -> Modifier.isPublic(method.getModifiers()))
        .filter(method -> method.getReturnType() == builder)
        .map(Method::getName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The rows of a section's table by setting. */
  private static Map<String, Row> section(String heading) {
    Map<String, Row> rows = new TreeMap<>();
    boolean inside = false;
    for (String line : Docs.text(Docs.page("configuration.md")).lines().toList()) {
      if (line.startsWith("## ")) {
        inside = line.equals("## " + heading);
      } else if (inside && line.startsWith("| `")) {
        List<String> cells = Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
        rows.put(cells.get(1).replace("`", ""), new Row(cells.get(2), cells.get(3)));
      }
    }
    return rows;
  }

  /** Something of this interface that is never called. */
  private static <T> T nothing(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              throw new UnsupportedOperationException(method.getName());
            }));
  }
}
