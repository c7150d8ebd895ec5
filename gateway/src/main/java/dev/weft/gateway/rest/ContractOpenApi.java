package dev.weft.gateway.rest;

import com.google.protobuf.Internal;
import com.google.protobuf.Message;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;

/**
 * Completes the API's description from the contract: bodies and answers are the messages that the
 * resources name with {@link Body} and {@link Answer}, in protobuf's JSON. Works while the program
 * is built.
 */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public final class ContractOpenApi implements OASFilter {

  static final List<Class<?>> RESOURCES =
      List.of(
          TaskResource.class,
          AgentResource.class,
          AgentCopyResource.class,
          AgentMemoryResource.class,
          SpawnResource.class,
          DeadLetterResource.class,
          CostResource.class,
          BudgetResource.class,
          ModelPriceResource.class,
          LimitResource.class,
          RateResource.class,
          PolicyResource.class,
          ReplayResource.class,
          ShardResource.class,
          WorkerResource.class,
          TokenResource.class,
          SecretResource.class,
          ArtifactResource.class,
          PoolResource.class,
          StatusResource.class);

  private static final String JSON = "application/json";
  private static final String PROBLEM = "Problem";
  private static final String BEARER = "bearer";

  @Override
  public void filterOpenAPI(OpenAPI api) {
    ProtoSchemas schemas = new ProtoSchemas();
    Map<String, Method> methods = methods();
    RawPaths.add(api.getPaths(), schemas);
    for (PathItem path : api.getPaths().getPathItems().values()) {
      for (var operation : path.getOperations().values()) {
        Method method = methods.get(operation.getOperationId());
        if (method != null) {
          describe(operation, method, schemas);
        }
        operation.getResponses().addAPIResponse("default", problem());
        operation.setSecurity(List.of(OASFactory.createSecurityRequirement().addScheme(BEARER)));
      }
    }
    var components = OASFactory.createComponents();
    schemas.all().forEach(components::addSchema);
    components.addSchema(PROBLEM, problemSchema());
    components.addSecurityScheme(
        BEARER,
        OASFactory.createSecurityScheme()
            .type(SecurityScheme.Type.HTTP)
            .scheme("bearer")
            .description("A token wft_…; never in the URL."));
    api.setComponents(components);
  }

  private static Map<String, Method> methods() {
    Map<String, Method> methods = new HashMap<>();
    for (Class<?> resource : RESOURCES) {
      for (Method method : resource.getDeclaredMethods()) {
        Operation operation = method.getAnnotation(Operation.class);
        if (operation != null) {
          methods.put(operation.operationId(), method);
        }
      }
    }
    return methods;
  }

  private static void describe(
      org.eclipse.microprofile.openapi.models.Operation operation,
      Method method,
      ProtoSchemas schemas) {
    Body body = method.getAnnotation(Body.class);
    operation.setRequestBody(
        body == null
            ? null
            : OASFactory.createRequestBody()
                .required(true)
                .content(
                    OASFactory.createContent()
                        .addMediaType(
                            JSON,
                            OASFactory.createMediaType().schema(message(body.value(), schemas)))));
    Answer answer = method.getAnnotation(Answer.class);
    APIResponses responses = OASFactory.createAPIResponses();
    if (answer != null) {
      responses.addAPIResponse(Integer.toString(answer.status()), ok(answer.value(), schemas));
      if (answer.value().getSimpleName().equals("SubmitTaskResponse")) {
        responses.addAPIResponse("200", ok(answer.value(), schemas));
      }
    }
    operation.setResponses(responses);
  }

  static APIResponse ok(Class<? extends Message> type, ProtoSchemas schemas) {
    return OASFactory.createAPIResponse()
        .description(type.getSimpleName())
        .content(
            OASFactory.createContent()
                .addMediaType(JSON, OASFactory.createMediaType().schema(message(type, schemas))));
  }

  private static Schema message(Class<? extends Message> type, ProtoSchemas schemas) {
    return schemas.reference(Internal.getDefaultInstance(type).getDescriptorForType());
  }

  private static APIResponse problem() {
    return OASFactory.createAPIResponse()
        .description("RFC 9457; the reasons are those of docs/errors.md.")
        .content(
            OASFactory.createContent()
                .addMediaType(
                    ProblemJson.MEDIA_TYPE,
                    OASFactory.createMediaType()
                        .schema(OASFactory.createSchema().ref("#/components/schemas/" + PROBLEM))));
  }

  private static Schema problemSchema() {
    Schema violation =
        ProtoSchemas.type(SchemaType.OBJECT)
            .addProperty("field", ProtoSchemas.type(SchemaType.STRING))
            .addProperty("message", ProtoSchemas.type(SchemaType.STRING));
    return ProtoSchemas.type(SchemaType.OBJECT)
        .addProperty("type", ProtoSchemas.type(SchemaType.STRING).format("uri"))
        .addProperty("title", ProtoSchemas.type(SchemaType.STRING))
        .addProperty("status", ProtoSchemas.type(SchemaType.INTEGER).format("int32"))
        .addProperty("detail", ProtoSchemas.type(SchemaType.STRING))
        .addProperty("instance", ProtoSchemas.type(SchemaType.STRING))
        .addProperty("reason", ProtoSchemas.type(SchemaType.STRING))
        .addProperty(
            "metadata",
            ProtoSchemas.type(SchemaType.OBJECT)
                .additionalPropertiesSchema(ProtoSchemas.type(SchemaType.STRING)))
        .addProperty("fieldViolations", ProtoSchemas.type(SchemaType.ARRAY).items(violation))
        .required(List.of("type", "title", "status", "detail", "instance", "reason"));
  }
}
