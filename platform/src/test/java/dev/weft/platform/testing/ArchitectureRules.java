package dev.weft.platform.testing;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.NullMarked;

/**
 * The rules that every service's code keeps: arrows point inward (adapters → app → domain), no
 * cycles between packages, time comes from outside, beans are built by constructors, every package
 * is null-marked.
 */
public final class ArchitectureRules {

  private static final String[] EVERYWHERE = {"java..", "org.jspecify.annotations"};
  private static final String[] APP_LIBRARIES = {
    "io.smallrye.mutiny..",
    "jakarta.inject",
    "jakarta.enterprise..",
    "org.jboss.logging",
    "dev.weft.platform.error",
    "dev.weft.platform.id",
    "dev.weft.platform.lifecycle",
    "dev.weft.platform.time"
  };

  private ArchitectureRules() {}

  /**
   * Checks all rules on the main classes below a service's root package, for example {@code
   * dev.weft.router}.
   */
  public static void verify(String root) {
    JavaClasses classes =
        new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages(root);
    if (classes.isEmpty()) {
      throw new AssertionError("no classes below " + root);
    }
    rules(root).forEach(rule -> rule.allowEmptyShould(true).check(classes));
  }

  static List<ArchRule> rules(String root) {
    return List.of(
        domainIsPlain(root),
        appIsFreeOfTechnology(root),
        noCycles(root),
        timeIsInjected(),
        noFieldInjection(),
        packagesAreNullMarked());
  }

  private static ArchRule domainIsPlain(String root) {
    String domain = root + ".domain..";
    return classes()
        .that()
        .resideInAPackage(domain)
        .should()
        .onlyDependOnClassesThat(anyOf(EVERYWHERE, domain))
        .as("domain depends on java.* and JSpecify only");
  }

  private static ArchRule appIsFreeOfTechnology(String root) {
    String domain = root + ".domain..";
    String app = root + ".app..";
    return classes()
        .that()
        .resideInAPackage(app)
        .should()
        .onlyDependOnClassesThat(
            anyOf(EVERYWHERE, domain, app)
                .or(resideInAnyPackage(APP_LIBRARIES))
                .or(named("dev.weft.platform.telemetry.LogKeys"))
                // What an enum of reasons names.
                .or(named("io.grpc.Status$Code")))
        .as("app depends on domain, Mutiny and the platform's error, id and time only");
  }

  private static ArchRule noCycles(String root) {
    return slices().matching(root + ".(*)..").should().beFreeOfCycles();
  }

  /**
   * A system clock may be chosen where things are wired, by InstantSource.system() or
   * Ticker.system().
   */
  private static ArchRule timeIsInjected() {
    return noClasses()
        .should()
        .callCodeUnitWhere(readsTheClock())
        .as("time comes from an InstantSource or a Ticker");
  }

  private static ArchRule noFieldInjection() {
    DescribedPredicate<JavaAnnotation<?>> injects =
        describe(
            "injects",
            annotation ->
                Set.of(
                        "jakarta.inject.Inject",
                        "org.eclipse.microprofile.config.inject.ConfigProperty",
                        "io.quarkus.grpc.GrpcClient")
                    .contains(annotation.getRawType().getName()));
    return fields().should().notBeAnnotatedWith(injects).as("beans are built by constructors");
  }

  private static ArchRule packagesAreNullMarked() {
    return classes()
        .should(
            new ArchCondition<>("reside in a package with @NullMarked") {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                  events.add(
                      SimpleConditionEvent.violated(
                          type, type.getPackageName() + " is not @NullMarked"));
                }
              }
            });
  }

  private static DescribedPredicate<com.tngtech.archunit.core.domain.JavaCall<?>> readsTheClock() {
    return describe("reads the system clock", call -> readsTheClock(call.getTarget()));
  }

  private static boolean readsTheClock(CodeUnitCallTarget target) {
    String name = target.getName();
    JavaClass owner = target.getOwner();
    if (owner.isEquivalentTo(System.class)) {
      return name.equals("currentTimeMillis") || name.equals("nanoTime");
    }
    boolean now = name.equals("now") && target.getRawParameterTypes().isEmpty();
    return now && owner.getPackageName().equals(Instant.class.getPackageName());
  }

  private static DescribedPredicate<JavaClass> anyOf(String[] packages, String... more) {
    return resideInAnyPackage(packages).or(resideInAnyPackage(more));
  }

  private static DescribedPredicate<JavaClass> named(String name) {
    return describe(name, type -> type.getName().equals(name));
  }
}
