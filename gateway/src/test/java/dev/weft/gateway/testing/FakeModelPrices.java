package dev.weft.gateway.testing;

import dev.weft.proto.costs.v1.ModelPrice;
import dev.weft.proto.internal.cell.v1.ChangeModelPriceRequest;
import dev.weft.proto.internal.cell.v1.ChangeModelPriceResponse;
import dev.weft.proto.internal.cell.v1.DropModelPriceRequest;
import dev.weft.proto.internal.cell.v1.DropModelPriceResponse;
import dev.weft.proto.internal.cell.v1.FetchModelPricesRequest;
import dev.weft.proto.internal.cell.v1.FetchModelPricesResponse;
import dev.weft.proto.internal.cell.v1.ModelPriceTableServiceGrpc.ModelPriceTableServiceImplBase;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The router's prices of models: acme/small has one. */
public final class FakeModelPrices extends ModelPriceTableServiceImplBase {

  public static final String PRICED = "acme/small";

  public final List<ChangeModelPriceRequest> changes = new CopyOnWriteArrayList<>();
  public final List<DropModelPriceRequest> dropped = new CopyOnWriteArrayList<>();
  public final List<Long> versions = new CopyOnWriteArrayList<>();

  @Override
  public void fetchModelPrices(
      FetchModelPricesRequest request, StreamObserver<FetchModelPricesResponse> observer) {
    versions.add(request.getVersion());
    observer.onNext(
        FetchModelPricesResponse.newBuilder()
            .setVersion(7)
            .addPrices(ModelPrice.newBuilder().setModel(PRICED).setInputMicros(3_000_000))
            .build());
    observer.onCompleted();
  }

  @Override
  public void changeModelPrice(
      ChangeModelPriceRequest request, StreamObserver<ChangeModelPriceResponse> observer) {
    changes.add(request);
    observer.onNext(
        ChangeModelPriceResponse.newBuilder()
            .setPrice(ModelPrice.newBuilder().setModel(request.getModel()).setVersion(8))
            .build());
    observer.onCompleted();
  }

  @Override
  public void dropModelPrice(
      DropModelPriceRequest request, StreamObserver<DropModelPriceResponse> observer) {
    dropped.add(request);
    observer.onNext(
        DropModelPriceResponse.newBuilder()
            .setDropped(request.getModel().equals(PRICED))
            .setVersion(9)
            .build());
    observer.onCompleted();
  }
}
