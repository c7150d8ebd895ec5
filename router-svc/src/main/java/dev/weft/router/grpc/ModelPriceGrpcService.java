package dev.weft.router.grpc;

import dev.weft.platform.error.MeshException;
import dev.weft.proto.internal.cell.v1.ChangeModelPriceRequest;
import dev.weft.proto.internal.cell.v1.ChangeModelPriceResponse;
import dev.weft.proto.internal.cell.v1.DropModelPriceRequest;
import dev.weft.proto.internal.cell.v1.DropModelPriceResponse;
import dev.weft.proto.internal.cell.v1.FetchModelPricesRequest;
import dev.weft.proto.internal.cell.v1.FetchModelPricesResponse;
import dev.weft.proto.internal.cell.v1.ModelPriceTableServiceGrpc.ModelPriceTableServiceImplBase;
import dev.weft.router.app.ModelPriceTable;
import dev.weft.router.domain.cost.DatedPrice;
import dev.weft.router.domain.cost.ModelPrice;
import dev.weft.router.domain.cost.ModelPrices;
import io.grpc.stub.StreamObserver;
import java.util.regex.Pattern;

/** What models' tokens cost, as the gateways see it. */
public final class ModelPriceGrpcService extends ModelPriceTableServiceImplBase {

  private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");

  private final ModelPriceTable table;

  public ModelPriceGrpcService(ModelPriceTable table) {
    this.table = table;
  }

  @Override
  public void fetchModelPrices(
      FetchModelPricesRequest request, StreamObserver<FetchModelPricesResponse> observer) {
    Answers.send(table.prices(), prices -> table(prices, request.getVersion()), observer);
  }

  @Override
  public void changeModelPrice(
      ChangeModelPriceRequest request, StreamObserver<ChangeModelPriceResponse> observer) {
    Answers.send(
        table.set(wanted(request), request.getAuthor()),
        change -> ChangeModelPriceResponse.newBuilder().setPrice(price(change)).build(),
        observer);
  }

  @Override
  public void dropModelPrice(
      DropModelPriceRequest request, StreamObserver<DropModelPriceResponse> observer) {
    Answers.send(
        table.remove(request.getModel(), request.getAuthor()),
        version ->
            DropModelPriceResponse.newBuilder()
                .setDropped(version.isPresent())
                .setVersion(version.orElse(0L))
                .build(),
        observer);
  }

  private static FetchModelPricesResponse table(ModelPrices prices, long version) {
    if (version != 0 && (version < prices.first() || version > prices.version())) {
      throw MeshException.invalidField(
          "version", version, prices.first() + ".." + prices.version() + ", or 0 for the newest");
    }
    long asked = version == 0 ? prices.version() : version;
    return FetchModelPricesResponse.newBuilder()
        .setVersion(asked)
        .addAllPrices(prices.table(asked).stream().map(ModelPriceGrpcService::price).toList())
        .build();
  }

  private static ModelPrice wanted(ChangeModelPriceRequest request) {
    String model = request.getModel();
    if (model.isEmpty() || model.length() > ModelPrice.LONGEST_MODEL) {
      throw MeshException.invalidField(
          "model", model, "1.." + ModelPrice.LONGEST_MODEL + " ASCII characters");
    }
    if (!CURRENCY.matcher(request.getCurrencyCode()).matches()) {
      throw MeshException.invalidField(
          "currency_code", request.getCurrencyCode(), "a code of ISO 4217 like USD");
    }
    return new ModelPrice(
        model,
        request.getCurrencyCode(),
        micros("input_micros", request.getInputMicros()),
        micros("output_micros", request.getOutputMicros()));
  }

  private static long micros(String field, long micros) {
    if (micros < 0 || micros > ModelPrice.MOST) {
      throw MeshException.invalidField(field, micros, "0.." + ModelPrice.MOST);
    }
    return micros;
  }

  private static dev.weft.proto.costs.v1.ModelPrice price(DatedPrice change) {
    ModelPrice price = change.price();
    return dev.weft.proto.costs.v1.ModelPrice.newBuilder()
        .setModel(price.model())
        .setCurrencyCode(price.currency())
        .setInputMicros(price.inputMicros())
        .setOutputMicros(price.outputMicros())
        .setSetTime(TaskProtoMapper.timestamp(change.since()))
        .setVersion(change.version())
        .setAuthor(change.author())
        .build();
  }
}
