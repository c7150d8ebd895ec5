package dev.weft.gateway.grpc;

import dev.weft.gateway.forward.DeadLetterForwarder;
import dev.weft.proto.tasks.v1.DeadLetterServiceGrpc;
import dev.weft.proto.tasks.v1.ListDeadLettersRequest;
import dev.weft.proto.tasks.v1.ListDeadLettersResponse;
import dev.weft.proto.tasks.v1.PurgeDeadLetterRequest;
import dev.weft.proto.tasks.v1.PurgeDeadLetterResponse;
import dev.weft.proto.tasks.v1.PurgeDeadLettersRequest;
import dev.weft.proto.tasks.v1.PurgeDeadLettersResponse;
import dev.weft.proto.tasks.v1.RedriveDeadLetterRequest;
import dev.weft.proto.tasks.v1.RedriveDeadLetterResponse;
import dev.weft.proto.tasks.v1.RedriveDeadLettersRequest;
import dev.weft.proto.tasks.v1.RedriveDeadLettersResponse;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;

/** weft.tasks.v1.DeadLetterService. */
@GrpcService
public class PublicDeadLetterService
    implements BindableService, DeadLetterServiceGrpc.AsyncService {

  private final DeadLetterForwarder letters;

  public PublicDeadLetterService(DeadLetterForwarder letters) {
    this.letters = letters;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return GuardedMarshaller.guard(DeadLetterServiceGrpc.bindService(this));
  }

  @Override
  public void listDeadLetters(
      ListDeadLettersRequest request, StreamObserver<ListDeadLettersResponse> observer) {
    GrpcCalls.answer(observer, () -> letters.list(GrpcCalls.current(), request));
  }

  @Override
  public void redriveDeadLetter(
      RedriveDeadLetterRequest request, StreamObserver<RedriveDeadLetterResponse> observer) {
    GrpcCalls.answer(observer, () -> letters.redrive(GrpcCalls.current(), request));
  }

  @Override
  public void redriveDeadLetters(
      RedriveDeadLettersRequest request, StreamObserver<RedriveDeadLettersResponse> observer) {
    GrpcCalls.answer(observer, () -> letters.redriveAll(GrpcCalls.current(), request));
  }

  @Override
  public void purgeDeadLetter(
      PurgeDeadLetterRequest request, StreamObserver<PurgeDeadLetterResponse> observer) {
    GrpcCalls.answer(observer, () -> letters.purge(GrpcCalls.current(), request));
  }

  @Override
  public void purgeDeadLetters(
      PurgeDeadLettersRequest request, StreamObserver<PurgeDeadLettersResponse> observer) {
    GrpcCalls.answer(observer, () -> letters.purgeAll(GrpcCalls.current(), request));
  }
}
