package io.deriver.testkit.llm;

import java.util.SplittableRandom;

/** Which of its replies a scripted choice comes to. Pure: the same request, the same reply. */
final class Choice {

  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private Choice() {}

  /**
   * A reply that leaves nothing to be chosen.
   *
   * @param turn counts the requests that the rule took, from 1
   * @param number counts the server's requests, from 1
   */
  static Reply of(Reply reply, long turn, long number) {
    if (reply instanceof Reply.InOrder order) {
      int last = order.replies().size();
      return of(order.replies().get((int) Math.min(turn, last) - 1), turn, number);
    }
    if (reply instanceof Reply.OneOf one) {
      return of(drawn(one, number), turn, number);
    }
    if (reply instanceof Reply.After after) {
      return new Reply.After(after.delay(), of(after.reply(), turn, number));
    }
    return reply;
  }

  private static Reply drawn(Reply.OneOf one, long number) {
    double left = draw(one.seed(), number);
    for (Reply.Share share : one.shares()) {
      left -= share.probability();
      if (left < 0) {
        return share.reply();
      }
    }
    return Reply.answer();
  }

  /** What the generator of this seed gives at its so many-th draw, without the draws before. */
  private static double draw(long seed, long number) {
    return new SplittableRandom(seed + number * GOLDEN_GAMMA).nextDouble();
  }
}
