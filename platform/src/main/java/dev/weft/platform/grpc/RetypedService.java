package dev.weft.platform.grpc;

import io.grpc.BindableService;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** A service whose messages are read in another way than protobuf's own. */
final class RetypedService {

  private RetypedService() {}

  /**
   * The service with some of its methods made anew, under its own name and schema.
   *
   * @param retype makes the method that is served instead
   * @param methods their bare names
   */
  static BindableService of(
      BindableService service,
      Function<ServerMethodDefinition<?, ?>, ServerMethodDefinition<?, ?>> retype,
      String... methods) {
    Set<String> chosen = Set.of(methods);
    return () -> of(service.bindService(), retype, chosen);
  }

  private static ServerServiceDefinition of(
      ServerServiceDefinition service,
      Function<ServerMethodDefinition<?, ?>, ServerMethodDefinition<?, ?>> retype,
      Set<String> chosen) {
    List<ServerMethodDefinition<?, ?>> all = new ArrayList<>();
    ServiceDescriptor.Builder descriptor =
        ServiceDescriptor.newBuilder(service.getServiceDescriptor().getName())
            .setSchemaDescriptor(service.getServiceDescriptor().getSchemaDescriptor());
    for (ServerMethodDefinition<?, ?> method : service.getMethods()) {
      ServerMethodDefinition<?, ?> made =
          chosen.contains(method.getMethodDescriptor().getBareMethodName())
              ? retype.apply(method)
              : method;
      descriptor.addMethod(made.getMethodDescriptor());
      all.add(made);
    }
    ServerServiceDefinition.Builder made = ServerServiceDefinition.builder(descriptor.build());
    all.forEach(made::addMethod);
    return made.build();
  }
}
