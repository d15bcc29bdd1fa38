package io.deriver.testkit.llm;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;

/** Which reply a request gets: the first rule's that it matches, or the default. */
final class Script {

  private final List<Rule> rules = new CopyOnWriteArrayList<>();
  private volatile Rule otherwise;

  Script() {
    Reply answer = Reply.answer();
    otherwise = new Rule(request -> true, request -> answer);
  }

  void add(Predicate<LlmRequest> when, Function<LlmRequest, Reply> reply) {
    rules.add(new Rule(when, reply));
  }

  void otherwise(Function<LlmRequest, Reply> reply) {
    otherwise = new Rule(request -> true, reply);
  }

  void clear() {
    rules.clear();
  }

  /** Never throws: a rule that does is the client's 500. The reply leaves nothing to be chosen. */
  Reply replyTo(LlmRequest request) {
    try {
      for (Rule rule : rules) {
        if (rule.when.test(request)) {
          return rule.next(request);
        }
      }
      return otherwise.next(request);
    } catch (Throwable e) { // an assertion that failed, for instance
      return new Reply.Failure(500, null, "a rule of the script threw " + e, null);
    }
  }

  private static final class Rule {

    private final Predicate<LlmRequest> when;
    private final Function<LlmRequest, Reply> reply;
    private final AtomicLong taken = new AtomicLong();

    Rule(Predicate<LlmRequest> when, Function<LlmRequest, Reply> reply) {
      this.when = when;
      this.reply = reply;
    }

    Reply next(LlmRequest request) {
      long turn = taken.incrementAndGet();
      Reply next = Objects.requireNonNull(reply.apply(request), "null instead of a reply");
      return Choice.of(next, turn, request.number());
    }
  }
}
