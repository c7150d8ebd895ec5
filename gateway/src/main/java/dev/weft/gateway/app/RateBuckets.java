package dev.weft.gateway.app;

import dev.weft.gateway.domain.BucketRate;
import dev.weft.gateway.domain.Grant;
import dev.weft.gateway.domain.OwnPart;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Buckets as {@link SharedBuckets}, of which several are taken from at once. */
public interface RateBuckets {

  /**
   * How long an answer is waited for. Longer than for a submission: who is sent to an own part by
   * one slow answer finds it empty, and tokens of models take up to a minute to come back.
   */
  Duration PATIENCE = Duration.ofMillis(150);

  /** As {@link Grant#CLOSED}, for answers that are waited for so long. */
  Duration CLOSED = Grant.ALONE.plus(PATIENCE).plusMillis(50);

  /**
   * One of them.
   *
   * @param own what the gateway's own part has counted since the bucket was last told
   */
  record Draw(String bucket, BucketRate rate, OwnPart own) {}

  /**
   * Takes the amount from each of these buckets, or from none.
   *
   * @param draws none, to hear whether there is an answer
   * @return one for each; fails if there is no answer
   */
  CompletionStage<List<Grant>> takeAll(List<Draw> draws, long amount);
}
