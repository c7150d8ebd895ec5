package dev.weft.router.grpc;

import dev.weft.proto.internal.cell.v1.CostReportServiceGrpc.CostReportServiceImplBase;
import dev.weft.proto.internal.cell.v1.FetchCostsRequest;
import dev.weft.proto.internal.cell.v1.FetchCostsResponse;
import dev.weft.router.app.CostPage;
import dev.weft.router.app.CostQueries;
import dev.weft.router.app.CostQuery;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** What work cost, as the gateways ask it. */
public final class CostGrpcService extends CostReportServiceImplBase {

  private final CostQueries costs;
  private final InstantSource clock;
  private final int retentionDays;

  /**
   * @param retentionDays whole days for which what has ended is kept
   */
  public CostGrpcService(CostQueries costs, InstantSource clock, int retentionDays) {
    this.costs = costs;
    this.clock = clock;
    this.retentionDays = retentionDays;
  }

  @Override
  public void fetchCosts(FetchCostsRequest request, StreamObserver<FetchCostsResponse> observer) {
    Instant now = clock.instant();
    Instant kept = now.truncatedTo(ChronoUnit.DAYS).minus(retentionDays, ChronoUnit.DAYS);
    CostQuery query = CostProtoMapper.query(request, now, kept);
    Answers.send(
        costs.costs(query),
        page ->
            response(
                query, page.orElseThrow(() -> CellGrpcService.unknown(query.task().orElseThrow()))),
        observer);
  }

  private static FetchCostsResponse response(CostQuery query, CostPage page) {
    FetchCostsResponse.Builder response = FetchCostsResponse.newBuilder();
    page.lines().forEach(line -> response.addCostLines(CostProtoMapper.line(query.by(), line)));
    page.next().map(CostProtoMapper::token).ifPresent(response::setNextPageToken);
    return response.build();
  }
}
