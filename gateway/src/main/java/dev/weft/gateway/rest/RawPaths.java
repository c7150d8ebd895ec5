package dev.weft.gateway.rest;

import dev.weft.proto.agents.v1.Agent;
import dev.weft.proto.artifacts.v1.ReadOutputResponse;
import dev.weft.proto.artifacts.v1.UploadArtifactResponse;
import dev.weft.proto.tasks.v1.TaskEvent;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.Paths;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.parameters.Parameter.In;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;

/** The description of the paths that no resource serves. */
final class RawPaths {

  private static final String ANY = "application/octet-stream";
  private static final String TASKS = "tasks";
  private static final String AGENTS = "agents";
  private static final String ARTIFACTS = "artifacts";

  private RawPaths() {}

  static void add(Paths paths, ProtoSchemas schemas) {
    paths.addPathItem("/v1/tasks/{taskId}/events", events(schemas));
    paths.addPathItem("/v1/tasks/{taskId}/logs", logs(schemas));
    paths.addPathItem("/v1/agents/{agentId}/events", agentEvents(schemas));
    paths.addPathItem("/v1/agents/{agentId}/session", session());
    paths.addPathItem("/v1/artifacts/{artifactId}/content", content());
    PathItem artifacts = paths.getPathItem("/v1/artifacts");
    artifacts.setPUT(upload("UploadArtifact", schemas));
    artifacts.setPOST(upload("PostArtifact", schemas));
  }

  private static PathItem events(ProtoSchemas schemas) {
    schemas.reference(TaskEvent.getDescriptor());
    return OASFactory.createPathItem()
        .GET(
            operation("WatchTask", TASKS, "Streams a task's changes: all so far, then live.")
                .addParameter(parameter("taskId", In.PATH))
                .addParameter(parameter("Last-Event-ID", In.HEADER))
                .responses(
                    OASFactory.createAPIResponses()
                        .addAPIResponse(
                            "200",
                            response(
                                "Events `task`, whose data is a TaskEvent and whose id is its"
                                    + " cursor; ends after the terminal one.",
                                bytes(Sse.MEDIA_TYPE, "")))));
  }

  private static PathItem agentEvents(ProtoSchemas schemas) {
    schemas.reference(Agent.getDescriptor());
    return OASFactory.createPathItem()
        .GET(
            operation("WatchAgent", AGENTS, "Streams an agent's changes, beginning with now.")
                .addParameter(parameter("agentId", In.PATH))
                .responses(
                    OASFactory.createAPIResponses()
                        .addAPIResponse(
                            "200",
                            response(
                                "Events `agent`, whose data is an Agent and whose id is its"
                                    + " revision; ends when the agent is over.",
                                bytes(Sse.MEDIA_TYPE, "")))));
  }

  private static PathItem session() {
    return OASFactory.createPathItem()
        .GET(
            operation("OpenSession", AGENTS, "A WebSocket: docs/session-protocol.md.")
                .addParameter(parameter("agentId", In.PATH))
                .addParameter(parameter("ticket", In.QUERY))
                .addParameter(parameter("cursor", In.QUERY))
                .addParameter(parameter("mode", In.QUERY))
                .responses(
                    OASFactory.createAPIResponses()
                        .addAPIResponse(
                            "101",
                            OASFactory.createAPIResponse()
                                .description("The subprotocol is weft.session.v1."))));
  }

  private static PathItem logs(ProtoSchemas schemas) {
    schemas.reference(ReadOutputResponse.getDescriptor());
    Content content = bytes(Sse.MEDIA_TYPE, "");
    content.addMediaType(
        "text/plain", OASFactory.createMediaType().schema(ProtoSchemas.type(SchemaType.STRING)));
    return OASFactory.createPathItem()
        .GET(
            operation("ReadOutput", TASKS, "What a task's attempts wrote, in order.")
                .addParameter(parameter("taskId", In.PATH))
                .addParameter(parameter("follow", In.QUERY))
                .addParameter(parameter("stream", In.QUERY))
                .addParameter(parameter("Last-Event-ID", In.HEADER))
                .responses(
                    OASFactory.createAPIResponses()
                        .addAPIResponse(
                            "200",
                            response(
                                "The bytes as they were written; or events `output` and `gap`,"
                                    + " whose data is a ReadOutputResponse and whose id is its"
                                    + " cursor, and `end` at the end.",
                                content))));
  }

  private static PathItem content() {
    return OASFactory.createPathItem()
        .GET(content("DownloadArtifact", "An artifact's bytes, or a range of them."))
        .HEAD(content("HeadArtifact", "What GET would answer, without the bytes."));
  }

  private static Operation content(String id, String summary) {
    return operation(id, ARTIFACTS, summary)
        .addParameter(parameter("artifactId", In.PATH))
        .addParameter(parameter("Range", In.HEADER))
        .addParameter(parameter("If-Range", In.HEADER))
        .addParameter(parameter("If-None-Match", In.HEADER))
        .addParameter(parameter(TollGate.USER, In.HEADER))
        .responses(
            OASFactory.createAPIResponses()
                .addAPIResponse(
                    "200", response("The bytes; ETag is their SHA-256.", bytes(ANY, "binary")))
                .addAPIResponse("206", response("The range.", bytes(ANY, "binary")))
                .addAPIResponse(
                    "304", OASFactory.createAPIResponse().description("The tag is the one sent.")));
  }

  private static Operation upload(String id, ProtoSchemas schemas) {
    return operation(id, ARTIFACTS, "Stores the raw body as an artifact.")
        .addParameter(parameter("name", In.QUERY))
        .addParameter(parameter("ttl", In.QUERY))
        .addParameter(parameter("ifHeld", In.QUERY))
        .addParameter(parameter(DigestHeader.CONTENT, In.HEADER))
        .addParameter(parameter(TollGate.USER, In.HEADER))
        .requestBody(OASFactory.createRequestBody().content(bytes("*/*", "binary")))
        .responses(
            OASFactory.createAPIResponses()
                .addAPIResponse("201", ContractOpenApi.ok(UploadArtifactResponse.class, schemas)));
  }

  private static Operation operation(String id, String tag, String summary) {
    return OASFactory.createOperation().operationId(id).addTag(tag).summary(summary);
  }

  private static APIResponse response(String description, Content content) {
    return OASFactory.createAPIResponse().description(description).content(content);
  }

  private static Content bytes(String mediaType, String format) {
    var schema = ProtoSchemas.type(SchemaType.STRING);
    if (!format.isEmpty()) {
      schema.format(format);
    }
    return OASFactory.createContent()
        .addMediaType(mediaType, OASFactory.createMediaType().schema(schema));
  }

  private static Parameter parameter(String name, In in) {
    return OASFactory.createParameter()
        .name(name)
        .in(in)
        .required(in == In.PATH)
        .schema(ProtoSchemas.type(SchemaType.STRING));
  }
}
