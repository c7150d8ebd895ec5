package dev.weft.artifact.grpc;

import dev.weft.artifact.app.Transfers;
import dev.weft.artifact.app.Transfers.Transfer;
import dev.weft.platform.error.MeshException;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One stream of bytes, in whichever direction: its steps one at a time, its end exactly once, and
 * nothing left open behind it.
 */
abstract class TransferStream<A> {

  private final ServerCallStreamObserver<A> observer;
  private final ReentrantLock lock = new ReentrantLock();
  private final Transfer transfer;
  private boolean ended;

  /** To be made in the method's own thread. */
  TransferStream(ServerCallStreamObserver<A> observer, Transfers transfers) {
    this.observer = observer;
    this.transfer = transfers.begin(this::tryEnd);
    observer.setOnCancelHandler(this::abandoned);
  }

  /** A step; a failure of it is the stream's end. */
  @FunctionalInterface
  interface Step {
    void run();
  }

  /** Gives back what the stream holds; called once. */
  abstract void release();

  final ServerCallStreamObserver<A> observer() {
    return observer;
  }

  /** Runs a step unless the stream has ended. */
  final void step(Step step) {
    lock.lock();
    try {
      if (!ended) {
        transfer.moved();
        step.run();
        transfer.moved();
      }
    } catch (RuntimeException e) {
      end();
      observer.onError(Refusals.status(e));
    } finally {
      lock.unlock();
    }
  }

  /** Ends the stream well; to be called in a step. */
  final void complete() {
    end();
    observer.onCompleted();
  }

  /** The client has gone. */
  private void abandoned() {
    lock.lock();
    try {
      end();
    } finally {
      lock.unlock();
    }
  }

  /** Who is in the middle of a step does not stand still. */
  private void tryEnd(MeshException failure) {
    if (lock.tryLock()) {
      try {
        if (!ended) {
          end();
          observer.onError(Refusals.status(failure));
        }
      } finally {
        lock.unlock();
      }
    }
  }

  private void end() {
    if (!ended) {
      ended = true;
      transfer.close();
      release();
    }
  }
}
