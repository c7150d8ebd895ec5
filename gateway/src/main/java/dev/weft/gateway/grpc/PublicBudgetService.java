package dev.weft.gateway.grpc;

import dev.weft.gateway.forward.BudgetForwarder;
import dev.weft.proto.costs.v1.BudgetServiceGrpc;
import dev.weft.proto.costs.v1.DeleteBudgetRequest;
import dev.weft.proto.costs.v1.DeleteBudgetResponse;
import dev.weft.proto.costs.v1.GetBudgetRequest;
import dev.weft.proto.costs.v1.GetBudgetResponse;
import dev.weft.proto.costs.v1.ListBudgetsRequest;
import dev.weft.proto.costs.v1.ListBudgetsResponse;
import dev.weft.proto.costs.v1.SetBudgetRequest;
import dev.weft.proto.costs.v1.SetBudgetResponse;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;

/** weft.costs.v1.BudgetService. */
@GrpcService
public class PublicBudgetService implements BindableService, BudgetServiceGrpc.AsyncService {

  private final BudgetForwarder budgets;

  public PublicBudgetService(BudgetForwarder budgets) {
    this.budgets = budgets;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return GuardedMarshaller.guard(BudgetServiceGrpc.bindService(this));
  }

  @Override
  public void listBudgets(
      ListBudgetsRequest request, StreamObserver<ListBudgetsResponse> observer) {
    GrpcCalls.answer(observer, () -> budgets.list(GrpcCalls.current(), request));
  }

  @Override
  public void getBudget(GetBudgetRequest request, StreamObserver<GetBudgetResponse> observer) {
    GrpcCalls.answer(observer, () -> budgets.get(GrpcCalls.current(), request));
  }

  @Override
  public void setBudget(SetBudgetRequest request, StreamObserver<SetBudgetResponse> observer) {
    GrpcCalls.answer(observer, () -> budgets.set(GrpcCalls.current(), request));
  }

  @Override
  public void deleteBudget(
      DeleteBudgetRequest request, StreamObserver<DeleteBudgetResponse> observer) {
    GrpcCalls.answer(observer, () -> budgets.delete(GrpcCalls.current(), request));
  }
}
