package io.deriver.jdbc;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.deriver.Pool;
import io.deriver.testkit.store.InMemoryWorkStore;
import java.net.URL;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Guards who may know whom; docs/architecture.md has the modules and what each of them knows. */
class PackagesTest {

  private static final JavaClasses CORE = of(Pool.class);
  private static final JavaClasses TESTKIT = of(InMemoryWorkStore.class);
  private static final JavaClasses ALL =
      of(Pool.class, InMemoryWorkStore.class, PostgresQueue.class);

  private static JavaClasses of(Class<?>... one) {
    List<URL> places =
        Stream.of(one).map(c -> c.getProtectionDomain().getCodeSource().getLocation()).toList();
    return new ClassFileImporter().importUrls(places);
  }

  @Test
  @DisplayName("no package of the testkit depends on one that depends on it")
  void theTestkitHasNoCycles() {
    slices().matching("io.deriver.testkit.(**)").should().beFreeOfCycles().check(TESTKIT);
  }

  @Test
  @DisplayName("the rooms of a pool are known to Pool alone, and theirs are the flight recordings")
  void theRoomsAreClosed() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.deriver.internal.pool")
        .and()
        .haveNameNotMatching("io\\.deriver\\.Pool(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.deriver.internal.pool")
        .check(ALL);
    noClasses()
        .that()
        .resideOutsideOfPackages("io.deriver.internal.pool", "io.deriver.internal.flight")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.deriver.internal.flight")
        .check(ALL);
  }

  @Test
  @DisplayName("the SPI of stores shows nothing of the inside")
  void theSpiStandsByItself() {
    noClasses()
        .that()
        .resideInAPackage("io.deriver.spi")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.deriver.internal..")
        .check(CORE);
  }

  @Test
  @DisplayName("the core knows the JDK without its databases, SLF4J and JSpecify")
  void theCoreKnowsNoDatabase() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "io.deriver..",
            "java.lang..",
            "java.io..",
            "java.time..",
            "java.util..",
            "java.nio..",
            "jdk.jfr..",
            "org.slf4j..",
            "org.jspecify..")
        .check(CORE);
  }
}
