package io.deriver.jdbc;

import io.deriver.testkit.net.TcpProxy;
import io.deriver.testkit.net.Trap;

/** The calls to the database that a pool and its host make, and how to know them on the wire. */
enum HungCall {
  CLAIM("dispatcher", "claim_v1("),
  RENEW("lease-keeper", "renew_v1("),
  REAP("reaper", "reap_v1("),
  COMPLETE("outcome-writer", "settle_v1(", "completed"),
  FAIL("outcome-writer", "settle_v1(", "retried"),
  RELEASE("outcome-writer", "settle_v1(", "released"),
  GIVE_BACK("lease-keeper", "h.fence = ANY"),
  STEP_BEGIN("", "apply_begin_v1("),
  STEP_END("", "apply_end_v1("),
  ENQUEUE("", "enqueue_v1("),
  LISTEN("", "LISTEN ");

  /** The pool's duty that makes it; empty for calls of the host's threads, and for the listener. */
  final String duty;

  private final String statement;
  private final String parameter;

  HungCall(String duty, String statement) {
    this(duty, statement, "");
  }

  HungCall(String duty, String statement, String parameter) {
    this.duty = duty;
    this.statement = statement;
    this.parameter = parameter;
  }

  boolean isOfHost() {
    return this == STEP_BEGIN || this == STEP_END || this == ENQUEUE;
  }

  boolean isOfStep() {
    return this == STEP_BEGIN || this == STEP_END;
  }

  /** Sets it. */
  Trap trap(Way way, TcpProxy proxy) {
    return switch (way) {
      case HELD -> proxy.hold(statement, parameter);
      case ANSWER_HELD -> proxy.holdAnswer(statement, parameter);
      case HALF_HELD -> proxy.holdBehind(statement, parameter);
      case CUT -> proxy.cut(Way.TIMES, statement, parameter);
      case ANSWER_CUT -> proxy.cutAnswer(Way.TIMES, statement, parameter);
    };
  }

  /** How a call can go wrong on its way. */
  enum Way {
    /** It does not arrive. */
    HELD,
    /** The server has done it, and the answer does not arrive. */
    ANSWER_HELD,
    /** The statement arrives and the rest of the request does not: locks taken, no commit. */
    HALF_HELD,
    /** The connection breaks before it arrives. */
    CUT,
    /** The server has done it, and the connection breaks instead of the answer. */
    ANSWER_CUT;

    static final int TIMES = 2;

    boolean lasts() {
      return this != CUT && this != ANSWER_CUT;
    }
  }
}
