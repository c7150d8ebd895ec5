package dev.weft.parts.junit;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Resolves {@link ScratchDatabase} parameters; one database per top-level test class. */
final class PostgresExtension implements ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(PostgresExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == ScratchDatabase.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return classContext(context)
        .getStore(NAMESPACE)
        .computeIfAbsent(
            ScratchDatabase.class,
            key -> ThrowAwayPostgres.shared().newDatabase(),
            ScratchDatabase.class);
  }

  private static ExtensionContext classContext(ExtensionContext context) {
    ExtensionContext at = context;
    while (at.getTestMethod().isPresent() || nested(at)) {
      at = at.getParent().orElseThrow();
    }
    return at;
  }

  private static boolean nested(ExtensionContext context) {
    return context.getTestClass().map(Class::getEnclosingClass).isPresent()
        && context.getParent().flatMap(ExtensionContext::getTestClass).isPresent();
  }
}
