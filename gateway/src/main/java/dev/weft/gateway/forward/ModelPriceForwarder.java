package dev.weft.gateway.forward;

import com.google.common.util.concurrent.ListenableFuture;
import dev.weft.gateway.app.Actor;
import dev.weft.gateway.app.AuditEntry;
import dev.weft.gateway.app.AuditLog;
import dev.weft.gateway.app.GatewayReason;
import dev.weft.gateway.domain.Currencies;
import dev.weft.gateway.domain.InvalidRequest;
import dev.weft.platform.error.MeshException;
import dev.weft.proto.costs.v1.DeleteModelPriceRequest;
import dev.weft.proto.costs.v1.DeleteModelPriceResponse;
import dev.weft.proto.costs.v1.ListModelPricesRequest;
import dev.weft.proto.costs.v1.ListModelPricesResponse;
import dev.weft.proto.costs.v1.SetModelPriceRequest;
import dev.weft.proto.costs.v1.SetModelPriceResponse;
import dev.weft.proto.internal.cell.v1.ChangeModelPriceRequest;
import dev.weft.proto.internal.cell.v1.DropModelPriceRequest;
import dev.weft.proto.internal.cell.v1.FetchModelPricesRequest;
import dev.weft.proto.internal.cell.v1.ModelPriceTableServiceGrpc;
import dev.weft.proto.internal.cell.v1.ModelPriceTableServiceGrpc.ModelPriceTableServiceFutureStub;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The contract's ModelPriceService for a caller who may: asks whoever holds the cell. */
public final class ModelPriceForwarder {

  private static final long MOST_MICROS = 1_000_000_000_000L;

  /** What a worker passes on of a command's report. */
  private static final Pattern MODEL = Pattern.compile("[\\x20-\\x7e]{1,128}");

  private final Holder cell;
  private final AuditLog audit;

  public ModelPriceForwarder(Holder cell, AuditLog audit) {
    this.cell = cell;
    this.audit = audit;
  }

  public CompletionStage<ListModelPricesResponse> list(Call call, ListModelPricesRequest request) {
    UnknownFields.refuse(request);
    FetchModelPricesRequest inner =
        FetchModelPricesRequest.newBuilder().setVersion(request.getVersion()).build();
    return ask(call, stub -> stub.fetchModelPrices(inner))
        .thenApply(
            found ->
                ListModelPricesResponse.newBuilder()
                    .setVersion(found.getVersion())
                    .addAllPrices(found.getPricesList())
                    .build());
  }

  /** The audit knows the wish before the cell does. */
  public CompletionStage<SetModelPriceResponse> set(Call call, SetModelPriceRequest request) {
    UnknownFields.refuse(request);
    checkModel(request.getModel());
    if (!Currencies.isKnown(request.getCurrencyCode())) {
      throw InvalidRequest.of("currency_code", request.getCurrencyCode(), Currencies.EXPECTED);
    }
    ChangeModelPriceRequest inner =
        ChangeModelPriceRequest.newBuilder()
            .setModel(request.getModel())
            .setCurrencyCode(request.getCurrencyCode())
            .setInputMicros(checked("input_micros", request.getInputMicros()))
            .setOutputMicros(checked("output_micros", request.getOutputMicros()))
            .setAuthor(author(call))
            .build();
    return audit
        .append(AuditEntry.by(actor(call), "model-price.set", request.getModel()))
        .thenCompose(_ -> ask(call, stub -> stub.changeModelPrice(inner)))
        .thenApply(
            answer -> SetModelPriceResponse.newBuilder().setPrice(answer.getPrice()).build());
  }

  public CompletionStage<DeleteModelPriceResponse> delete(
      Call call, DeleteModelPriceRequest request) {
    UnknownFields.refuse(request);
    String model = request.getModel();
    checkModel(model);
    DropModelPriceRequest inner =
        DropModelPriceRequest.newBuilder().setModel(model).setAuthor(author(call)).build();
    return audit
        .append(AuditEntry.by(actor(call), "model-price.delete", model))
        .thenCompose(_ -> ask(call, stub -> stub.dropModelPrice(inner)))
        .thenApply(
            answer -> {
              if (!answer.getDropped()) {
                throw unknown(model);
              }
              return DeleteModelPriceResponse.newBuilder().setVersion(answer.getVersion()).build();
            });
  }

  private static void checkModel(String model) {
    if (!MODEL.matcher(model).matches()) {
      throw InvalidRequest.of("model", model, "1..128 ASCII characters, as commands report it");
    }
  }

  private static long checked(String field, long micros) {
    if (micros < 0 || micros > MOST_MICROS) {
      throw InvalidRequest.of(field, micros, "0.." + MOST_MICROS);
    }
    return micros;
  }

  private static Actor actor(Call call) {
    return new Actor(call.caller(), call.source());
  }

  private static String author(Call call) {
    return call.tenant() + "/" + call.caller().principal();
  }

  private static MeshException unknown(String model) {
    return new MeshException(
            GatewayReason.MODEL_PRICE_NOT_FOUND,
            "price of " + model + ": none (expected: one is set)")
        .with("model", model);
  }

  private <T> CompletionStage<T> ask(
      Call call, Function<ModelPriceTableServiceFutureStub, ListenableFuture<T>> question) {
    return Upstream.visible(
        cell.call(
            channel -> question.apply(ModelPriceTableServiceGrpc.newFutureStub(channel)),
            call.patience()),
        GatewayReason.CELL_UNAVAILABLE);
  }
}
