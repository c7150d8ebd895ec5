package dev.weft.router.domain.cell;

import java.time.Instant;

/** Tells effects to whom they concern, as the shell does. */
final class EffectCalls {

  private EffectCalls() {}

  static void call(Effect effect, long commit, Instant time) {
    switch (effect) {
      case Effect.Accepted one -> one.reply().accepted(one.item(), one.task(), commit, time);
      case Effect.Existing one -> one.reply().existing(one.item(), one.first());
      case Effect.SubmitDenied one -> one.reply().denied(one.item(), one.reason());
      case Effect.Settled one -> one.reply().settled();
      case Effect.SettledDenied one -> one.reply().denied(one.reason());
      case Effect.DrainState one -> one.reply().draining(one.drained(), one.running());
      case Effect.DrainDenied one -> one.reply().denied(one.reason());
      case Effect.Assign one -> one.link().assign(one.assignment(), one.spec());
      case Effect.Greet one -> one.link().welcome(one.welcome());
      case Effect.Cancel one -> one.link().cancel(one.key());
      case Effect.Acknowledge one -> one.link().acknowledge(one.key());
      case Effect.Renewed one -> one.link().renewed(one.number());
      case Effect.Drain one -> one.link().drain(one.grace());
      case Effect.Close one -> one.link().close(one.reason());
      case Effect.Ejected _, Effect.Back _ -> {}
    }
  }
}
